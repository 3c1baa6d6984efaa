/** The beginning of a dataset. */
import type { Dataset } from './dataset.ts'

/** The first `count` images in file order; the dataset itself if it has no more, or no count is given. */
export function firstImages(dataset: Dataset, count: number = dataset.length): Dataset {
  if (count >= dataset.length) return dataset
  return dataset.subset(Int32Array.from({ length: count }, (_, position) => position))
}
