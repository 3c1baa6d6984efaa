/** Top-k accuracy with the tie rule of TensorFlow's in_top_k, which the official code reports as top-5. */
import { checkInteger, SimclrError } from '@simclr/core'

export interface TopKAccuracyOptions {
  /** Default 5. */
  readonly k?: number
  readonly classes: number
}

/**
 * The share of rows in which fewer than k classes score strictly higher than the label: ties count as correct. Rows
 * that hold a score that is not finite count as wrong.
 *
 * @param scores Shape [n, classes], row-major.
 * @param labels Length n.
 * @throws SimclrError if k or classes is below 1, or shapes do not match.
 */
export function topKAccuracy(
  scores: Float32Array,
  labels: Int32Array,
  { k = 5, classes }: TopKAccuracyOptions,
): number {
  checkInteger('topKAccuracy: k', k, 1)
  checkInteger('topKAccuracy: classes', classes, 1)
  if (labels.length === 0 || scores.length !== labels.length * classes) {
    throw new SimclrError({
      parameter: 'topKAccuracy: scores',
      expected: `${classes} per label, for at least one label`,
      received: `${scores.length} scores for ${labels.length} labels`,
    })
  }
  const correct = labels.filter((label, row) => {
    const rowScores = scores.subarray(row * classes, (row + 1) * classes)
    return (
      rowScores.every(Number.isFinite) && rowScores.filter((score) => score > rowScores[label]!).length < k
    )
  })
  return correct.length / labels.length
}
