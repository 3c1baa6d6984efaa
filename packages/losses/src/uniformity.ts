/** Uniformity (Wang & Isola 2020, section 4.1): how evenly embeddings cover the sphere. */
import { checkPositive, checkShape, SimclrError } from '@simclr/core'
import {
  add,
  eye,
  logSumExp,
  matMul,
  mul,
  type Scalar,
  square,
  sub,
  sum,
  type Tensor2D,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core'
import { l2Normalize } from './l2-normalize.ts'

/** Options of {@link uniformity}. */
export interface UniformityOptions {
  /** t in exp(−t‖x − y‖²), above 0; default 2, as in the paper's experiments. */
  sharpness?: number
  /** Whether rows are scaled to length 1; default true. */
  normalize?: boolean
}

/** Taken from the exponent of a row against itself, which is no pair. */
const SELF_PENALTY = 1e9

/**
 * The logarithm of the mean of exp(−t‖x − y‖²) over all pairs of different rows. Holds `[n, n]` matrices.
 *
 * @param rows `[n, D]` float32, n at least 2. Use one view per image, or both views pull the value up.
 * @returns A scalar: 0 where all rows agree, near −2t where they spread evenly in many dimensions. The caller
 *   disposes it.
 * @throws SimclrError for fewer than 2 rows, or if the sharpness is not positive.
 */
export function uniformity(
  rows: Tensor2D,
  { sharpness = 2, normalize = true }: UniformityOptions = {},
): Scalar {
  checkPositive('uniformity: sharpness', sharpness)
  checkShape('uniformity: rows', rows.shape, [-1, -1])
  const [count] = rows.shape
  if (count < 2) {
    throw new SimclrError({
      parameter: 'uniformity: rows',
      expected: 'at least 2 rows',
      received: String(count),
    })
  }
  return tidy(() => {
    const points = normalize ? l2Normalize(rows) : rows
    const squaredNorms = sum(square(points), 1, true)
    const products = mul(matMul(points, points, false, true), 2)
    const squaredDistances = sub(add(squaredNorms, transpose(squaredNorms)), products)
    const exponents = sub(mul(squaredDistances, -sharpness), mul(eye(count), SELF_PENALTY))
    return sub(logSumExp(exponents), Math.log(count * (count - 1))) as Scalar
  })
}
