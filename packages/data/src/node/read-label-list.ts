/** Lists of the labelled images of a dataset, in text files. */
import type { Dataset } from '../dataset.ts'
import { labelList } from '../label-list.ts'
import { readLabelNames } from './read-label-names.ts'

/**
 * Reads a list such as the official 1 % and 10 % of ImageNet's training images: one file name a line.
 *
 * @returns ascending positions in `dataset`, for `dataset.subset`.
 * @throws SimclrError if the file cannot be read or is empty, and what `labelList` throws.
 */
export async function readLabelList(file: string, dataset: Dataset): Promise<Int32Array> {
  return labelList(await readLabelNames(file), dataset, `label list ${file}`)
}
