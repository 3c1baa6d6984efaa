/**
 * NT-Logistic, the normalised temperature-scaled logistic loss: SimCLR section 5.1, table 2. The reference numbers are
 * golden 02; in words of natural language processing, the loss of negative sampling (Mikolov et al. 2013).
 */
import { checkPositive } from '@simclr/core'
import { add, mean, mul, neg, type Scalar, softplus, sum, type Tensor2D, tidy } from '@tensorflow/tfjs-core'
import { gatheredSimilarities } from './gathered-pairs.ts'
import { type NegativesRule, negativeWeights } from './negative-weights.ts'
import { countViewPairs } from './view-pairs.ts'

/** Options of {@link ntLogistic} and {@link ntLogisticGathered}. */
export interface NtLogisticOptions {
  /** Divides the similarities, above 0; default 0.1. The paper's table 4 tunes it per loss. */
  temperature?: number
  /** Whether rows are scaled to length 1, so that similarity is the cosine; default true. */
  normalize?: boolean
  /**
   * Weight of the negatives. `mean` (default) of all keeps them balanced with the one positive whatever the batch;
   * `sum`; or `semi-hard`, `semi-hard-or-farthest`, `semi-hard-mean`: see `SemiHardRule`. No margin limits the mining.
   */
  negatives?: NegativesRule
}

/**
 * The mean over the rows of −log σ(s_ip/τ) − Σ_k w_ik log σ(−s_ik/τ): positive and negative pairs told apart one by one.
 *
 * @param hidden Projections `[2N, D]` float32: rows 0..N-1 are view one, row i + N is the other view of row i.
 * @returns A scalar; NaN if a row has a NaN. The caller disposes it.
 * @throws SimclrError if the number of rows is odd or zero, or the temperature is not positive and finite.
 *
 * @example
 * const loss = ntLogistic(tf.randomNormal([8, 16]), { temperature: 0.5, negatives: 'semi-hard' })
 */
export function ntLogistic(hidden: Tensor2D, options: NtLogisticOptions = {}): Scalar {
  countViewPairs('ntLogistic', hidden)
  return ntLogisticGathered(hidden, hidden, 0, options)
}

/**
 * {@link ntLogistic} of the rows of one process against the rows of all; the mean over the processes is that of the
 * whole batch, and gradients flow into both arguments.
 *
 * @param local Projections of this process, `[2n, D]`, in two halves.
 * @param all Projections of all processes, `[2N, D]`: view one of every image, then view two in the same order.
 * @param offset Where this process's images begin among the N, 0..N-n.
 * @returns The mean over the 2n local rows, a scalar. The caller disposes it.
 * @throws SimclrError as {@link ntLogistic}, or if `local` does not fit into `all` at `offset`.
 */
export function ntLogisticGathered(
  local: Tensor2D,
  all: Tensor2D,
  offset: number,
  { temperature = 0.1, normalize = true, negatives = 'mean' }: NtLogisticOptions = {},
): Scalar {
  checkPositive('ntLogistic: temperature', temperature)
  return tidy(() => {
    const pairs = gatheredSimilarities('ntLogistic', { local, all, offset, normalize, temperature })
    const ofNegatives = mul(negativeWeights(pairs, negatives), softplus(pairs.similarities))
    return mean(add(softplus(neg(pairs.positive)), sum(ofNegatives, 1, true)))
  })
}
