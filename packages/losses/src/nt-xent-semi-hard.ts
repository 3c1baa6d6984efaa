/**
 * NT-Xent among semi-hard negatives only. The paper's point is that NT-Xent needs no mining (section 5.1: it weighs
 * negatives by their hardness by itself); this is the comparison.
 */
import { checkPositive } from '@simclr/core'
import {
  add,
  greater,
  log,
  logSumExp,
  maximum,
  mean,
  type Scalar,
  squeeze,
  sub,
  type Tensor2D,
  tidy,
  where,
} from '@tensorflow/tfjs-core'
import { gatheredSimilarities, LEFT_OUT } from './gathered-pairs.ts'
import { negativeWeights } from './negative-weights.ts'
import type { SemiHardRule } from './semi-hard-mining.ts'
import { countViewPairs } from './view-pairs.ts'
import { withoutGradient } from './without-gradient.ts'

/** Options of {@link ntXentSemiHard} and {@link ntXentSemiHardGathered}. */
export interface NtXentSemiHardOptions {
  /** Divides the similarities, above 0; default 0.1. */
  temperature?: number
  /** Whether rows are scaled to length 1, so that similarity is the cosine; default true. */
  normalize?: boolean
  /** Which negatives stay; default `semi-hard`, the closest candidate. See `SemiHardRule`. */
  negatives?: SemiHardRule
}

/**
 * The mean over the rows of −s_ip/τ + log(exp(s_ip/τ) + Σ_k w_ik exp(s_ik/τ)) with the weights of semi-hard mining. An
 * anchor without a semi-hard negative has loss 0.
 *
 * @param hidden Projections `[2N, D]` float32: rows 0..N-1 are view one, row i + N is the other view of row i.
 * @returns A scalar; NaN if a row has a NaN. The caller disposes it.
 * @throws SimclrError if the number of rows is odd or zero, or the temperature is not positive and finite.
 *
 * @example
 * const loss = ntXentSemiHard(tf.randomNormal([8, 16]), { temperature: 0.5 })
 */
export function ntXentSemiHard(hidden: Tensor2D, options: NtXentSemiHardOptions = {}): Scalar {
  countViewPairs('ntXentSemiHard', hidden)
  return ntXentSemiHardGathered(hidden, hidden, 0, options)
}

/**
 * {@link ntXentSemiHard} of the rows of one process against the rows of all; arguments as for `ntXentGathered`.
 *
 * @returns The mean over the 2n local rows, a scalar. The caller disposes it.
 * @throws SimclrError as {@link ntXentSemiHard}, or if `local` does not fit into `all` at `offset`.
 */
export function ntXentSemiHardGathered(
  local: Tensor2D,
  all: Tensor2D,
  offset: number,
  { temperature = 0.1, normalize = true, negatives = 'semi-hard' }: NtXentSemiHardOptions = {},
): Scalar {
  checkPositive('ntXentSemiHard: temperature', temperature)
  return tidy(() => {
    const pairs = gatheredSimilarities('ntXentSemiHard', { local, all, offset, normalize, temperature })
    const weights = add(negativeWeights(pairs, negatives), pairs.isOther) as Tensor2D
    const logWeights = withoutGradient(
      (w) => where(greater(w, 0), log(maximum(w, 1e-30)), -LEFT_OUT) as Tensor2D,
      weights,
    )
    return mean(sub(logSumExp(add(pairs.similarities, logWeights), 1), squeeze(pairs.positive, [1])))
  })
}
