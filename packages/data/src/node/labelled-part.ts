/** The labelled part of a dataset, by the short text that commands name it with. */
import { SimclrError } from '@simclr/core'
import type { Dataset } from '../dataset.ts'
import { labelSubset } from '../label-subset.ts'
import { readLabelList } from './read-label-list.ts'

/**
 * @param spec A share of every class, `1%`, `10%` or `0.1`; `100%` and `1` are the whole dataset; anything else is the
 * path of a list of image names.
 * @param seed Decides which images a share takes; a list needs none.
 * @returns the part of the dataset whose labels may be used.
 * @throws SimclrError for a share outside of (0, 1], for a share of an unlabelled dataset, and what
 * {@link readLabelList} throws.
 */
export async function labelledPart(dataset: Dataset, spec: string, seed = 0): Promise<Dataset> {
  const share = parseShare(spec)
  if (share === 1) return dataset
  if (share === undefined) return dataset.subset(await readLabelList(spec, dataset))
  return dataset.subset(labelSubset(labelsOf(dataset), { fraction: share, seed }))
}

/** @returns undefined for what is not a number. */
function parseShare(spec: string): number | undefined {
  const [, digits, percent] = /^\s*([-+]?[\d.]+)\s*(%?)\s*$/.exec(spec) ?? []
  return digits === undefined ? undefined : Number(digits) / (percent === '%' ? 100 : 1)
}

function labelsOf({ labels, name }: Dataset): Int32Array {
  if (labels !== undefined) return labels
  throw new SimclrError({
    parameter: 'labelledPart: dataset',
    expected: 'with one class for each image',
    received: `${name}, which has none`,
    remedy: 'Give a list of image names instead of a share.',
  })
}
