/** From scores to classes. */

/**
 * The class of the largest score in each row; the lowest class wins ties, as argmax in the official code.
 *
 * @param scores Shape [n, classes], row-major.
 * @returns Length n.
 */
export function predictedClasses(scores: Float32Array, classes: number): Int32Array {
  return Int32Array.from({ length: scores.length / classes }, (_, row) => {
    let best = 0
    for (let c = 1; c < classes; c++) {
      if (scores[row * classes + c]! > scores[row * classes + best]!) best = c
    }
    return best
  })
}
