/** The supervised contrastive loss (Khosla et al. 2020, equation 2, L_out): images of the same class are positives. */
import { checkPositive, SimclrError } from '@simclr/core'
import {
  cast,
  div,
  equal,
  expandDims,
  logSoftmax,
  mean,
  mul,
  neg,
  type Scalar,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tidy,
} from '@tensorflow/tfjs-core'
import { type GatheredRows, gatheredSimilarities, LEFT_OUT } from './gathered-pairs.ts'
import { countViewPairs } from './view-pairs.ts'

/** Options of {@link supervisedContrastive} and {@link supervisedContrastiveGathered}. */
export interface SupervisedContrastiveOptions {
  /** Divides the similarities, above 0; default 0.1 (Khosla et al., section 4). */
  temperature?: number
  /** Whether rows are scaled to length 1, so that similarity is the cosine; default true. */
  normalize?: boolean
}

/**
 * The mean over the rows of −1/|P(i)| Σ_{p∈P(i)} log(exp(s_ip/τ) / Σ_{k≠i} exp(s_ik/τ)), where P(i) are the other rows
 * of the same class. With a class per image it is `ntXent`.
 *
 * @param hidden Projections `[2N, D]` float32: rows 0..N-1 are view one, row i + N is the other view of row i.
 * @param labels Class of each image, length N; any integers.
 * @returns A scalar; NaN if a row has a NaN. The caller disposes it.
 * @throws SimclrError if the number of rows is odd or zero, there is not one label per image, or the temperature is
 *   not positive and finite.
 *
 * @example
 * const loss = supervisedContrastive(tf.randomNormal([8, 16]), Int32Array.of(0, 1, 0, 2))
 */
export function supervisedContrastive(
  hidden: Tensor2D,
  labels: Int32Array,
  options: SupervisedContrastiveOptions = {},
): Scalar {
  countViewPairs('supervisedContrastive', hidden)
  return supervisedContrastiveGathered(hidden, hidden, 0, labels, options)
}

/**
 * {@link supervisedContrastive} of the rows of one process against the rows of all; the mean over the processes is that
 * of the whole batch, and gradients flow into both arguments.
 *
 * @param local Projections of this process, `[2n, D]`, in two halves.
 * @param all Projections of all processes, `[2N, D]`: view one of every image, then view two in the same order.
 * @param offset Where this process's images begin among the N, 0..N-n.
 * @param labels Class of each of the N gathered images.
 * @returns The mean over the 2n local rows, a scalar. The caller disposes it.
 * @throws SimclrError as {@link supervisedContrastive}, or if `local` does not fit into `all` at `offset`.
 */
export function supervisedContrastiveGathered(
  local: Tensor2D,
  all: Tensor2D,
  offset: number,
  labels: Int32Array,
  { temperature = 0.1, normalize = true }: SupervisedContrastiveOptions = {},
): Scalar {
  checkPositive('supervisedContrastive: temperature', temperature)
  return tidy(() => {
    const rows: GatheredRows = { local, all, offset, normalize, temperature }
    const { similarities, isSelf } = gatheredSimilarities('supervisedContrastive', rows)
    checkLabels(labels, all.shape[0] / 2)
    const ofLocal = labels.subarray(offset, offset + local.shape[0] / 2)
    const isSameClass = equal(expandDims(twice(ofLocal), 1), expandDims(twice(labels), 0))
    const positives = sub(cast(isSameClass, 'float32'), isSelf)
    const weights = div(positives, sum(positives, 1, true))
    const logProbabilities = logSoftmax(sub(similarities, mul(isSelf, LEFT_OUT)))
    return neg(mean(sum(mul(logProbabilities, weights), 1))) as Scalar
  })
}

/** The labels of both views. */
function twice(labels: Int32Array): Tensor1D {
  return tensor1d(
    Int32Array.from({ length: 2 * labels.length }, (_, row) => labels[row % labels.length]!),
    'int32',
  )
}

function checkLabels(labels: Int32Array, images: number): void {
  if (labels.length === images) return
  throw new SimclrError({
    parameter: 'supervisedContrastive: labels',
    expected: `one for each of the ${images} images`,
    received: `${labels.length} labels`,
    remedy: 'Give the class of each image once; both views share it.',
  })
}
