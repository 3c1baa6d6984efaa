/** The decoupled contrastive loss (Yeh et al. 2022, equation 4, L_DCL): NT-Xent without the positive in the sum. */
import { checkPositive, SimclrError } from '@simclr/core'
import {
  add,
  logSumExp,
  mean,
  mul,
  type Scalar,
  squeeze,
  sub,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs-core'
import { type GatheredRows, gatheredSimilarities, LEFT_OUT } from './gathered-pairs.ts'
import { countViewPairs } from './view-pairs.ts'

/** Options of {@link decoupledContrastive} and {@link decoupledContrastiveGathered}. */
export interface DecoupledContrastiveOptions {
  /** Divides the similarities, above 0; default 0.1. */
  temperature?: number
  /** Whether rows are scaled to length 1, so that similarity is the cosine; default true. */
  normalize?: boolean
}

/**
 * The mean over the rows of −s_ip/τ + log Σ_{k∉{i,p}} exp(s_ik/τ). Unlike NT-Xent its gradient does not fade when the
 * positive is already the closest, which helps small batches; it may be negative.
 *
 * @param hidden Projections `[2N, D]` float32: rows 0..N-1 are view one, row i + N is the other view of row i. N is at
 *   least 2: without negatives it has no lower bound.
 * @returns A scalar; NaN if a row has a NaN. The caller disposes it.
 * @throws SimclrError if the number of rows is odd or below 4, or the temperature is not positive and finite.
 *
 * @example
 * const loss = decoupledContrastive(tf.randomNormal([8, 16]), { temperature: 0.1 })
 */
export function decoupledContrastive(hidden: Tensor2D, options: DecoupledContrastiveOptions = {}): Scalar {
  countViewPairs('decoupledContrastive', hidden)
  return decoupledContrastiveGathered(hidden, hidden, 0, options)
}

/**
 * {@link decoupledContrastive} of the rows of one process against the rows of all; the mean over the processes is that
 * of the whole batch, and gradients flow into both arguments.
 *
 * @param local Projections of this process, `[2n, D]`, in two halves.
 * @param all Projections of all processes, `[2N, D]`: view one of every image, then view two in the same order.
 * @param offset Where this process's images begin among the N, 0..N-n.
 * @returns The mean over the 2n local rows, a scalar. The caller disposes it.
 * @throws SimclrError as {@link decoupledContrastive}, or if `local` does not fit into `all` at `offset`.
 */
export function decoupledContrastiveGathered(
  local: Tensor2D,
  all: Tensor2D,
  offset: number,
  { temperature = 0.1, normalize = true }: DecoupledContrastiveOptions = {},
): Scalar {
  checkPositive('decoupledContrastive: temperature', temperature)
  return tidy(() => {
    const rows: GatheredRows = { local, all, offset, normalize, temperature }
    const { similarities, positive, isSelf, isOther } = gatheredSimilarities('decoupledContrastive', rows)
    checkNegatives(all)
    const negatives = sub(similarities, mul(add(isSelf, isOther), LEFT_OUT))
    return mean(sub(logSumExp(negatives, 1), squeeze(positive, [1]))) as Scalar
  })
}

function checkNegatives({ shape }: Tensor2D): void {
  if (shape[0] >= 4) return
  throw new SimclrError({
    parameter: 'decoupledContrastive: hidden',
    expected: 'at least 4 rows (two images, so that there are negatives)',
    received: `shape [${shape.join(', ')}]`,
  })
}
