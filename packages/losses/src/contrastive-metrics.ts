/**
 * How well a batch solves its own contrastive task: accuracy and entropy as logged by the official code
 * (metrics.py: `update_pretrain_metrics_train`) and reported in the paper's table 5.
 */
import { checkPositive } from '@simclr/core'
import {
  add,
  argMax,
  cast,
  concat,
  div,
  equal,
  log,
  matMul,
  mean,
  mul,
  neg,
  range,
  type Scalar,
  slice,
  softmax,
  sum,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs-core'
import { checkGathered } from './gathered-pairs.ts'
import { l2Normalize } from './l2-normalize.ts'
import type { NtXentOptions } from './nt-xent.ts'
import { countViewPairs, splitViewPairs } from './view-pairs.ts'

/** Rows of the similarity matrix that are held at a time. */
const BLOCK_ROWS = 512

/** Result of {@link contrastiveMetrics}: two scalars that the caller disposes. */
export type ContrastiveMetrics = {
  /** Share of images whose view one is most similar to its own view two among the N second views, 0–1. */
  accuracy: Scalar
  /** Mean entropy in nats of the softmax over those N similarities, 0 to log N. */
  entropy: Scalar
}

/**
 * Contrastive accuracy and entropy of a batch. Both look from view one to the N second views only.
 *
 * @param hidden Projections `[2N, D]` float32 as for `ntXent`; `temperature` and `normalize` as there.
 * @returns Two scalars without gradient; the caller disposes them.
 * @throws SimclrError if the number of rows is odd or zero, or the temperature is not positive.
 */
export function contrastiveMetrics(
  hidden: Tensor2D,
  options: Pick<NtXentOptions, 'temperature' | 'normalize'> = {},
): ContrastiveMetrics {
  countViewPairs('contrastiveMetrics', hidden)
  return contrastiveMetricsGathered(hidden, hidden, 0, options)
}

/**
 * The same of the images of one process among the second views of all. The mean of the results over the processes is
 * {@link contrastiveMetrics} of the whole batch.
 *
 * @param local Projections of this process, `[2n, D]`, in two halves.
 * @param all Projections of all processes, `[2N, D]`: view one of every image, then view two in the same order.
 * @param offset Where this process's images begin among the N, 0..N-n.
 * @returns Two scalars without gradient; the caller disposes them.
 * @throws SimclrError as {@link contrastiveMetrics}, or if `local` does not fit into `all` at `offset`.
 */
export function contrastiveMetricsGathered(
  local: Tensor2D,
  all: Tensor2D,
  offset: number,
  { temperature = 0.1, normalize = true }: Pick<NtXentOptions, 'temperature' | 'normalize'> = {},
): ContrastiveMetrics {
  checkPositive('contrastiveMetrics: temperature', temperature)
  const { localPairs: pairs } = checkGathered('contrastiveMetrics', { local, all, offset })
  return tidy(() => {
    const scaled = (hidden: Tensor2D): Tensor2D => (normalize ? l2Normalize(hidden) : hidden)
    const [first] = splitViewPairs(scaled(local))
    const [, second] = splitViewPairs(scaled(all))
    const starts = Array.from({ length: Math.ceil(pairs / BLOCK_ROWS) }, (_, i) => i * BLOCK_ROWS)
    const blocks = starts.map((start) =>
      tidy(() => {
        const rows = slice(first, [start, 0], [Math.min(BLOCK_ROWS, pairs - start), -1])
        const logits = div(matMul(rows, second, false, true), temperature) as Tensor2D
        const begin = offset + start
        const correct = equal(argMax(logits, 1), range(begin, begin + rows.shape[0], 1, 'int32'))
        const probabilities = softmax(logits)
        const entropies = neg(sum(mul(probabilities, log(add(probabilities, 1e-8))), 1))
        return [cast(correct, 'float32'), entropies] as [Tensor1D, Tensor1D]
      }),
    )
    const [accuracy, entropy] = [0, 1].map((metric) =>
      mean(concat(blocks.map((block) => block[metric]!))),
    ) as [Scalar, Scalar]
    return { accuracy, entropy }
  })
}
