/**
 * NT-Xent, the normalised temperature-scaled cross-entropy loss of SimCLR: paper section 2.1, equation 1.
 * Reproduces `add_contrastive_loss` of the official objective.py, which returns twice the paper's mean.
 */
import { checkInteger, checkPositive, checkShape, SimclrError } from '@simclr/core'
import {
  div,
  logSoftmax,
  matMul,
  mean,
  mul,
  neg,
  oneHot,
  type Scalar,
  sub,
  sum,
  type Tensor2D,
  tensor1d,
  tidy,
} from '@tensorflow/tfjs-core'
import { l2Normalize } from './l2-normalize.ts'
import { countViewPairs } from './view-pairs.ts'

/** Options of {@link ntXent} and {@link ntXentGathered}. */
export interface NtXentOptions {
  /** Divides the similarities, above 0; default 0.1 (official default). */
  temperature?: number
  /** Whether rows are scaled to length 1, so that similarity is the cosine; default true. */
  normalize?: boolean
  /** `mean` over the 2N rows as in the paper (default), or `official`: twice that, as the official code returns. */
  reduction?: 'mean' | 'official'
}

/** Subtracted from a row's similarity with itself, which the loss leaves out (the official LARGE_NUM). */
const SELF_PENALTY = 1e9

/**
 * The NT-Xent loss of a batch: for every row, the cross-entropy of picking its other view among the
 * 2N - 1 other rows, −s_ip/τ + log Σ_{k≠i} exp(s_ik/τ).
 *
 * @param hidden Projections `[2N, D]` float32: rows 0..N-1 are view one, row i + N is the other view of row i.
 * @returns The loss, a scalar; 0 for N = 1, which has no negatives. The caller disposes it.
 * @throws SimclrError if the number of rows is odd or zero, or the temperature is not positive.
 *
 * @example
 * const hidden = tf.randomNormal([8, 16])           // 4 images, two views each
 * const loss = ntXent(hidden, { temperature: 0.5 })
 */
export function ntXent(hidden: Tensor2D, options: NtXentOptions = {}): Scalar {
  countViewPairs('ntXent', hidden)
  return ntXentGathered(hidden, hidden, 0, options)
}

/**
 * The NT-Xent loss of the rows of one process against the rows of all: global negatives. The mean of the results
 * over the processes is {@link ntXent} of the whole batch; gradients flow into both arguments.
 *
 * @param local Projections of this process, `[2n, D]`, in two halves as in {@link ntXent}.
 * @param all Projections of all processes, `[2N, D]`: view one of every image, then view two in the same order.
 * @param offset Where this process's images begin among the N, 0..N-n.
 * @returns The mean over the 2n local rows, a scalar. The caller disposes it.
 * @throws SimclrError as {@link ntXent}, or if `local` does not fit into `all` at `offset`.
 */
export function ntXentGathered(
  local: Tensor2D,
  all: Tensor2D,
  offset: number,
  { temperature = 0.1, normalize = true, reduction = 'mean' }: NtXentOptions = {},
): Scalar {
  checkPositive('ntXent: temperature', temperature, 'The paper uses 0.05 to 1; 0.1 is the default.')
  const localPairs = countViewPairs('ntXent', local)
  const allPairs = countViewPairs('ntXent', all)
  checkShape('ntXent: all', all.shape, [-1, local.shape[1]], 'Local and gathered rows need the same width.')
  checkInteger('ntXent: offset', offset, 0)
  if (offset + localPairs > allPairs) {
    throw new SimclrError({
      parameter: 'ntXent: offset',
      expected: `at most ${allPairs - localPairs} for ${localPairs} local and ${allPairs} gathered images`,
      received: String(offset),
    })
  }
  return tidy(() => {
    const rows = normalize ? l2Normalize(local) : local
    const columns = local === all ? rows : normalize ? l2Normalize(all) : all
    const { self, other } = pairIndices(localPairs, allPairs, offset)
    const isSelf = oneHot(tensor1d(self, 'int32'), 2 * allPairs)
    const isOther = oneHot(tensor1d(other, 'int32'), 2 * allPairs)
    const similarities = div(matMul(rows, columns, false, true), temperature) // [2n, 2N]
    const logProbabilities = logSoftmax(sub(similarities, mul(isSelf, SELF_PENALTY)))
    const loss = neg(mean(sum(mul(logProbabilities, isOther), 1)))
    return reduction === 'official' ? mul(loss, 2) : loss
  }) as Scalar
}

/** For each local row, the gathered row that is itself and the one that shows the same image in the other view. */
function pairIndices(
  localPairs: number,
  allPairs: number,
  offset: number,
): { self: Int32Array; other: Int32Array } {
  const self = new Int32Array(2 * localPairs)
  const other = new Int32Array(2 * localPairs)
  for (let i = 0; i < localPairs; i++) {
    const first = offset + i
    const second = allPairs + offset + i
    self[i] = other[localPairs + i] = first
    other[i] = self[localPairs + i] = second
  }
  return { self, other }
}
