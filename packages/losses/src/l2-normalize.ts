/** Rows scaled to unit length, as the official code does it (objective.py: `tf.math.l2_normalize`). */
import { maximum, mul, rsqrt, square, sum, type Tensor2D, tidy } from '@tensorflow/tfjs-core'

/** Squared norms below this count as this, so that a zero row stays zero. */
const SMALLEST_SQUARED_NORM = 1e-12

/**
 * Scales every row to Euclidean length 1.
 *
 * @param rows `[n, d]` float32.
 * @returns `[n, d]`; a row shorter than 1e-6 is multiplied by 1e6 instead. The caller disposes it.
 */
export function l2Normalize(rows: Tensor2D): Tensor2D {
  return tidy(() => {
    const squaredNorm = maximum(sum(square(rows), 1, true), SMALLEST_SQUARED_NORM)
    return mul(rows, rsqrt(squaredNorm))
  })
}
