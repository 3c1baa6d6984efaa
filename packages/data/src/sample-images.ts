/** A smaller dataset of the same kind. */
import { RandomKey } from '@simclr/core'
import type { Dataset } from './dataset.ts'

/**
 * A random sample of a dataset, in file order. It is always the same one, and a larger one contains the smaller.
 *
 * @param count Number of images; the dataset itself is returned if it has no more.
 */
export function sampleImages(dataset: Dataset, count: number = dataset.length): Dataset {
  if (count >= dataset.length) return dataset
  const order = RandomKey.fromSeed(0).fold('sampleImages').permutation(dataset.length)
  return dataset.subset(order.subarray(0, count).sort())
}
