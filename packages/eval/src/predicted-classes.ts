/** From scores to classes. */
import { checkScores } from './check-scores.ts'

/**
 * The class of the largest score in each row; the lowest class wins ties, as argmax in the official code.
 *
 * @param scores Shape [n, classes], row-major.
 * @returns Length n.
 * @throws SimclrError unless the scores are finite and fill at least one row.
 */
export function predictedClasses(scores: Float32Array, classes: number): Int32Array {
  checkScores('predictedClasses', scores, classes)
  return Int32Array.from({ length: scores.length / classes }, (_, row) => {
    let best = 0
    for (let c = 1; c < classes; c++) {
      if (scores[row * classes + c]! > scores[row * classes + best]!) best = c
    }
    return best
  })
}
