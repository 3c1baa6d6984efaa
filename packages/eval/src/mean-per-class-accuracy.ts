/** Mean per-class accuracy: the metric of Aircraft, Pets, Caltech-101 and Flowers (SimCLR appendix B.8). */
import { checkInteger } from '@simclr/core'
import { checkClassNumbers } from './check-class-numbers.ts'

/**
 * The mean over classes of the share of the class's rows that are predicted right. Classes without rows are left out.
 *
 * @throws SimclrError unless there are as many predictions as labels, at least one, and all are below `classes`.
 */
export function meanPerClassAccuracy(predictions: Int32Array, labels: Int32Array, classes: number): number {
  checkInteger('meanPerClassAccuracy: classes', classes, 1)
  checkClassNumbers('meanPerClassAccuracy: labels', labels, labels.length, classes)
  checkClassNumbers('meanPerClassAccuracy: predictions', predictions, labels.length, classes)
  const rows = new Int32Array(classes)
  const correct = new Int32Array(classes)
  labels.forEach((label, i) => {
    rows[label]! += 1
    if (predictions[i] === label) correct[label]! += 1
  })
  const shares = Array.from(rows, (count, c) => correct[c]! / count).filter((_, c) => rows[c]! > 0)
  return shares.reduce((total, share) => total + share, 0) / shares.length
}
