/** Adam (Kingma & Ba 2015). */
import { chain } from './chain.ts'
import { createOptimizer, type Optimizer } from './create-optimizer.ts'
import { type ScaleByAdamOptions, scaleByAdam } from './scale-by-adam.ts'
import { type LearningRate, scaleByLearningRate } from './scale-by-learning-rate.ts'

export interface AdamOptions extends ScaleByAdamOptions {
  /** A constant or a schedule over updates. Default 0.001. */
  readonly learningRate?: LearningRate
}

/**
 * w ← w − learningRate·m̂/(√v̂ + epsilon).
 *
 * @throws SimclrError if a number is out of its range.
 * @example
 * const optimizer = adam({ learningRate: 3e-4 })
 */
export function adam({ learningRate = 0.001, ...moments }: AdamOptions = {}): Optimizer {
  return createOptimizer(chain(scaleByAdam(moments), scaleByLearningRate(learningRate)))
}
