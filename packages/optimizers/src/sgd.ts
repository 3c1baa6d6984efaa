/** Stochastic gradient descent with momentum, as Keras and the official code define it. */
import { addDecayedWeights } from './add-decayed-weights.ts'
import { chain } from './chain.ts'
import { createOptimizer, type Optimizer } from './create-optimizer.ts'
import { masked } from './masked.ts'
import { momentum } from './momentum.ts'
import { type LearningRate, scaleByLearningRate } from './scale-by-learning-rate.ts'

export interface SgdOptions {
  /** A constant or a schedule over updates. */
  readonly learningRate: LearningRate
  /** 0..1; 0 keeps no velocity. Default 0.9. */
  readonly momentum?: number
  /** Default false. */
  readonly nesterov?: boolean
  /** At least 0, on `kernel` parameters. Default 0. */
  readonly weightDecay?: number
}

/**
 * v ← momentum·v + learningRate·(g + weightDecay·w); w ← w − v, or with `nesterov` the look-ahead of it.
 *
 * The learning rate enters the velocity (Keras); PyTorch multiplies afterwards. They differ while the rate changes.
 *
 * @throws SimclrError if a number is out of its range.
 * @example
 * const optimizer = sgd({ learningRate: 0.1, nesterov: true })
 */
export function sgd({
  learningRate,
  momentum: decay = 0.9,
  nesterov = false,
  weightDecay = 0,
}: SgdOptions): Optimizer {
  const decayWeights = masked(addDecayedWeights(weightDecay), ({ role }) => role === 'kernel')
  const rate = scaleByLearningRate(learningRate)
  return createOptimizer(
    decay === 0 ? chain(decayWeights, rate) : chain(decayWeights, rate, momentum({ decay, nesterov })),
  )
}
