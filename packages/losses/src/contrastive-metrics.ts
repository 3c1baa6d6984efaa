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
  { temperature = 0.1, normalize = true }: Pick<NtXentOptions, 'temperature' | 'normalize'> = {},
): ContrastiveMetrics {
  checkPositive('contrastiveMetrics: temperature', temperature)
  const pairs = countViewPairs('contrastiveMetrics', hidden)
  return tidy(() => {
    const [first, second] = splitViewPairs(normalize ? l2Normalize(hidden) : hidden)
    const starts = Array.from({ length: Math.ceil(pairs / BLOCK_ROWS) }, (_, i) => i * BLOCK_ROWS)
    const blocks = starts.map((start) =>
      tidy(() => {
        const rows = slice(first, [start, 0], [Math.min(BLOCK_ROWS, pairs - start), -1])
        const logits = div(matMul(rows, second, false, true), temperature) as Tensor2D
        const correct = equal(argMax(logits, 1), range(start, start + rows.shape[0], 1, 'int32'))
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
