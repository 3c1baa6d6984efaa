/** Which classes are taken for which. */
import { checkInteger } from '@simclr/core'
import { checkClassNumbers } from './check-class-numbers.ts'

/**
 * Counts of (label, prediction): entry [t, p] is how many rows of class t were predicted as p, so that row sums are the
 * sizes of the classes and the diagonal holds what is right.
 *
 * @returns Shape [classes, classes], row-major.
 * @throws SimclrError unless there are as many predictions as labels, at least one, and all are below `classes`.
 */
export function confusionMatrix(predictions: Int32Array, labels: Int32Array, classes: number): Int32Array {
  checkInteger('confusionMatrix: classes', classes, 1)
  checkClassNumbers('confusionMatrix: labels', labels, labels.length, classes)
  checkClassNumbers('confusionMatrix: predictions', predictions, labels.length, classes)
  const counts = new Int32Array(classes * classes)
  labels.forEach((label, i) => {
    counts[label * classes + predictions[i]!]! += 1
  })
  return counts
}
