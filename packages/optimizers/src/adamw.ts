/** Adam with decoupled weight decay (Loshchilov & Hutter 2019). */
import type { Parameter } from '@simclr/core'
import type { AdamOptions } from './adam.ts'
import { addDecayedWeights } from './add-decayed-weights.ts'
import { chain } from './chain.ts'
import { createOptimizer, type Optimizer } from './create-optimizer.ts'
import { masked } from './masked.ts'
import { scaleByAdam } from './scale-by-adam.ts'
import { scaleByLearningRate } from './scale-by-learning-rate.ts'

export interface AdamwOptions extends AdamOptions {
  /** At least 0, on `kernel` parameters. Default 0.01. */
  readonly weightDecay?: number
  /** Kernels to train without decay, like the other roles. */
  readonly exclude?: (parameter: Parameter) => boolean
}

/**
 * w ← w − learningRate·(m̂/(√v̂ + epsilon) + weightDecay·w): the decay passes the moments by, and follows the learning
 * rate, as in PyTorch.
 *
 * @throws SimclrError if a number is out of its range.
 * @example
 * const optimizer = adamw({ learningRate: 3e-4, weightDecay: 0.05 })
 */
export function adamw({
  learningRate = 0.001,
  weightDecay = 0.01,
  exclude = () => false,
  ...moments
}: AdamwOptions = {}): Optimizer {
  const decayed = (parameter: Parameter): boolean => parameter.role === 'kernel' && !exclude(parameter)
  return createOptimizer(
    chain(
      scaleByAdam(moments),
      masked(addDecayedWeights(weightDecay), decayed),
      scaleByLearningRate(learningRate),
    ),
  )
}
