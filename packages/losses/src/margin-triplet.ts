/** The margin triplet loss of FaceNet (Schroff et al. 2015) on similarities: SimCLR section 5.1, table 2; golden 02. */
import { checkRange } from '@simclr/core'
import {
  add,
  cast,
  greater,
  mean,
  mul,
  type Scalar,
  sub,
  sum,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs-core'
import { gatheredSimilarities } from './gathered-pairs.ts'
import { type NegativesRule, negativeWeights } from './negative-weights.ts'
import { countViewPairs } from './view-pairs.ts'
import { withoutGradient } from './without-gradient.ts'

/** Options of {@link marginTriplet} and {@link marginTripletGathered}. */
export interface MarginTripletOptions {
  /** By how much the positive must be more similar than a negative, at least 0; default 0.4. */
  margin?: number
  /** Whether rows are scaled to length 1, so that similarity is the cosine; default true. */
  normalize?: boolean
  /**
   * Weight of the negatives: `mean` (default) or `sum` of all; or `semi-hard`, `semi-hard-or-farthest`,
   * `semi-hard-mean`: see `SemiHardRule`. Semi-hard candidates lie within the margin.
   */
  negatives?: NegativesRule
}

/**
 * The mean over the rows of Σ_k w_ik max(s_ik − s_ip + margin, 0). It has no temperature.
 *
 * @param hidden Projections `[2N, D]` float32: rows 0..N-1 are view one, row i + N is the other view of row i.
 * @returns A scalar; NaN if a row has a NaN. At the hinge the gradient is 0. The caller disposes it.
 * @throws SimclrError if the number of rows is odd or zero, or the margin is negative or not finite.
 *
 * @example
 * const loss = marginTriplet(tf.randomNormal([8, 16]), { margin: 0.4, negatives: 'semi-hard' })
 */
export function marginTriplet(hidden: Tensor2D, options: MarginTripletOptions = {}): Scalar {
  countViewPairs('marginTriplet', hidden)
  return marginTripletGathered(hidden, hidden, 0, options)
}

/**
 * {@link marginTriplet} of the rows of one process against the rows of all; the mean over the processes is that of the
 * whole batch, and gradients flow into both arguments.
 *
 * @param local Projections of this process, `[2n, D]`, in two halves.
 * @param all Projections of all processes, `[2N, D]`: view one of every image, then view two in the same order.
 * @param offset Where this process's images begin among the N, 0..N-n.
 * @returns The mean over the 2n local rows, a scalar. The caller disposes it.
 * @throws SimclrError as {@link marginTriplet}, or if `local` does not fit into `all` at `offset`.
 */
export function marginTripletGathered(
  local: Tensor2D,
  all: Tensor2D,
  offset: number,
  { margin = 0.4, normalize = true, negatives = 'mean' }: MarginTripletOptions = {},
): Scalar {
  checkRange('marginTriplet: margin', margin, 0, Number.MAX_VALUE)
  return tidy(() => {
    const pairs = gatheredSimilarities('marginTriplet', { local, all, offset, normalize, temperature: 1 })
    const weights = negativeWeights(pairs, negatives, margin)
    const violations = add(sub(pairs.similarities, pairs.positive), margin) as Tensor2D
    // Not relu: some engines turn NaN into 0 there, and 0 · NaN stays NaN.
    const active = withoutGradient((x) => mul(weights, cast(greater(x, 0), 'float32')), violations)
    return mean(sum(mul(active, violations), 1))
  })
}
