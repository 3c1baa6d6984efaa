/**
 * NT-Xent, the normalised temperature-scaled cross-entropy loss of SimCLR: paper section 2.1, equation 1.
 * Reproduces `add_contrastive_loss` of the official objective.py, which returns twice the paper's mean.
 */
import { checkInteger, checkPositive } from '@simclr/core'
import {
  concat,
  mul,
  type Scalar,
  slice,
  sum,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs-core'
import { checkGathered } from './gathered-pairs.ts'
import { l2Normalize } from './l2-normalize.ts'
import { ntXentBlocked } from './nt-xent-blocked.ts'
import { countViewPairs } from './view-pairs.ts'

/** Options of {@link ntXent} and {@link ntXentGathered}. */
export interface NtXentOptions {
  /** Divides the similarities, above 0; default 0.1 (official default). */
  temperature?: number
  /** Whether rows are scaled to length 1, so that similarity is the cosine; default true. */
  normalize?: boolean
  /** `mean` over the 2N rows as in the paper (default), or `official`: twice that, as the official code returns. */
  reduction?: 'mean' | 'official'
  /** Rows and columns of the similarity matrix that are held at a time; default 512, which processor caches hold. */
  blockRows?: number
}

/**
 * The NT-Xent loss of a batch: for every row, the cross-entropy of picking its other view among the
 * 2N - 1 other rows, −s_ip/τ + log Σ_{k≠i} exp(s_ik/τ).
 *
 * @param hidden Projections `[2N, D]` float32: rows 0..N-1 are view one, row i + N is the other view of row i.
 * @returns The loss, a scalar; 0 for N = 1, which has no negatives. The caller disposes it. It has a first derivative only.
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
  { temperature = 0.1, normalize = true, reduction = 'mean', blockRows = 512 }: NtXentOptions = {},
): Scalar {
  checkPositive('ntXent: temperature', temperature, 'The paper uses 0.05 to 1; 0.1 is the default.')
  checkInteger('ntXent: blockRows', blockRows, 1)
  const { localPairs, allPairs } = checkGathered('ntXent', { local, all, offset })
  return tidy(() => {
    const scaled = (hidden: Tensor2D): Tensor2D =>
      mul(normalize ? l2Normalize(hidden) : hidden, 1 / Math.sqrt(temperature))
    const rows = scaled(local)
    const columns = local === all ? rows : scaled(all)
    const view = (begin: number): Tensor2D => slice(columns, [begin, 0], [localPairs, -1])
    const others = concat([view(allPairs + offset), view(offset)]) as Tensor2D
    const positives = sum(mul(rows, others), 1) as Tensor1D
    const loss = ntXentBlocked(rows, columns, positives, {
      rowImages: imagesOfRows(localPairs, offset),
      columnImages: imagesOfRows(allPairs, 0),
      blockRows,
    })
    return reduction === 'official' ? mul(loss, 2) : loss
  })
}

/** The image that each row shows: `pairs` images from `first` on, then the same again. */
function imagesOfRows(pairs: number, first: number): Int32Array {
  return Int32Array.from({ length: 2 * pairs }, (_, row) => first + (row % pairs))
}
