/** Top-1 accuracy. */
import { SimclrError } from '@simclr/core'

/**
 * The share of predictions that equal their label.
 *
 * @throws SimclrError unless there are as many of both, at least one.
 */
export function accuracy(predictions: Int32Array, labels: Int32Array): number {
  if (predictions.length !== labels.length || labels.length === 0) {
    throw new SimclrError({
      parameter: 'accuracy: predictions',
      expected: labels.length === 0 ? 'given with at least one label' : `one per label, ${labels.length}`,
      received: String(predictions.length),
    })
  }
  return predictions.filter((prediction, i) => prediction === labels[i]).length / labels.length
}
