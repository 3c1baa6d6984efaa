/** What feature extraction asks of its options. */
import { checkInteger, SimclrError } from '@simclr/core'
import type { Dataset } from '@simclr/data'

/**
 * @param caller Names the function that asks, for errors.
 * @throws SimclrError if the dataset is empty or batchSize is below 1.
 */
export function checkExtraction(caller: string, dataset: Dataset, batchSize: number): void {
  checkInteger(`${caller}: batchSize`, batchSize, 1)
  if (dataset.length > 0) return
  throw new SimclrError({
    parameter: `${caller}: dataset`,
    expected: 'of at least one image',
    received: `none in ${dataset.name}`,
  })
}
