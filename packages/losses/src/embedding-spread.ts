/** Spread of normalised embeddings, which shows a collapse: `std_of_l2_normalized` in lightly's utils/debug.py. */
import { checkShape, SimclrError } from '@simclr/core'
import { div, mean, type Scalar, sqrt, square, sub, sum, type Tensor2D, tidy } from '@tensorflow/tfjs-core'
import { l2Normalize } from './l2-normalize.ts'

/**
 * The standard deviation (n − 1 in the denominator) of each dimension of the normalised rows, averaged over the
 * dimensions.
 *
 * @param rows `[n, D]` float32, n at least 2.
 * @returns A scalar: 0 if all rows point the same way, near 1/√D if they spread evenly. The caller disposes it.
 * @throws SimclrError for fewer than 2 rows.
 */
export function embeddingSpread(rows: Tensor2D): Scalar {
  checkShape('embeddingSpread: rows', rows.shape, [-1, -1])
  const [count] = rows.shape
  if (count < 2) {
    throw new SimclrError({
      parameter: 'embeddingSpread: rows',
      expected: 'at least 2 rows',
      received: String(count),
    })
  }
  return tidy(() => {
    const points = l2Normalize(rows)
    const squaredDeviations = square(sub(points, mean(points, 0, true)))
    return mean(sqrt(div(sum(squaredDeviations, 0), count - 1))) as Scalar
  })
}
