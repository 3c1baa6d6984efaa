/** Top-k accuracy with the tie rule of TensorFlow's in_top_k, which the official code reports as top-5. */
import { checkInteger } from '@simclr/core'
import { checkClassNumbers } from './check-class-numbers.ts'
import { checkScores } from './check-scores.ts'

export interface TopKAccuracyOptions {
  /** At least 1; every row is correct if there are no more classes than this. Default 5, or `classes` if that is less. */
  readonly k?: number
  readonly classes: number
}

/**
 * The share of rows in which fewer than k classes score strictly higher than the label: ties count as correct.
 *
 * @param scores Shape [n, classes], row-major, finite.
 * @param labels Length n.
 * @throws SimclrError unless there is one row of finite scores per label, at least one, every label is below
 * `classes`, and k is at least 1.
 */
export function topKAccuracy(
  scores: Float32Array,
  labels: Int32Array,
  { classes, k = Math.min(5, classes) }: TopKAccuracyOptions,
): number {
  checkScores('topKAccuracy', scores, classes)
  checkClassNumbers('topKAccuracy: labels', labels, scores.length / classes, classes)
  checkInteger('topKAccuracy: k', k, 1)
  const correct = labels.filter((label, row) => {
    const rowScores = scores.subarray(row * classes, (row + 1) * classes)
    return rowScores.filter((score) => score > rowScores[label]!).length < k
  })
  return correct.length / labels.length
}
