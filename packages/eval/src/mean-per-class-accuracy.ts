/** Mean per-class accuracy: the metric of Aircraft, Pets, Caltech-101 and Flowers (SimCLR appendix B.8). */
import { checkInteger, SimclrError } from '@simclr/core'

/**
 * The mean over classes of the share of the class's rows that are predicted right. Classes without rows are left out.
 *
 * @throws SimclrError unless there are as many predictions as labels, at least one, and every label is below `classes`.
 */
export function meanPerClassAccuracy(predictions: Int32Array, labels: Int32Array, classes: number): number {
  checkInteger('meanPerClassAccuracy: classes', classes, 1)
  const usable = labels.length > 0 && labels.length === predictions.length
  if (!usable || labels.some((label) => label < 0 || label >= classes)) {
    throw new SimclrError({
      parameter: 'meanPerClassAccuracy: labels',
      expected: `one below ${classes} per prediction, at least one`,
      received: `${labels.length} labels for ${predictions.length} predictions, the largest ${labels.reduce((a, b) => Math.max(a, b), -1)}`,
    })
  }
  const rows = new Int32Array(classes)
  const correct = new Int32Array(classes)
  labels.forEach((label, i) => {
    rows[label]! += 1
    if (predictions[i] === label) correct[label]! += 1
  })
  const shares = Array.from(rows, (count, c) => correct[c]! / count).filter((_, c) => rows[c]! > 0)
  return shares.reduce((total, share) => total + share, 0) / shares.length
}
