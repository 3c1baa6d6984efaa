/** Alignment (Wang & Isola 2020, section 4.1): how far apart the two views of an image are. */

import { checkPositive } from '@simclr/core'
import { mean, pow, type Scalar, square, sub, sum, type Tensor2D, tidy } from '@tensorflow/tfjs-core'
import { l2Normalize } from './l2-normalize.ts'
import { countViewPairs, splitViewPairs } from './view-pairs.ts'

/** Options of {@link alignment}. */
export interface AlignmentOptions {
  /** Power of the distance, above 0; default 2, as in the paper's experiments. */
  exponent?: number
  /** Whether rows are scaled to length 1; default true. */
  normalize?: boolean
}

/**
 * The mean over the images of ‖x − y‖^exponent for their views x and y.
 *
 * @param hidden `[2N, D]` float32: rows 0..N-1 are view one, row i + N is the other view of row i.
 * @returns A scalar: 0 where views agree, up to 4 for opposite ones at exponent 2. The caller disposes it.
 * @throws SimclrError if the number of rows is odd or zero, or the exponent is not positive.
 */
export function alignment(
  hidden: Tensor2D,
  { exponent = 2, normalize = true }: AlignmentOptions = {},
): Scalar {
  checkPositive('alignment: exponent', exponent)
  countViewPairs('alignment', hidden)
  return tidy(() => {
    const [first, second] = splitViewPairs(normalize ? l2Normalize(hidden) : hidden)
    const squaredDistances = sum(square(sub(first, second)), 1)
    return mean(exponent === 2 ? squaredDistances : pow(squaredDistances, exponent / 2)) as Scalar
  })
}
