/**
 * Layer-wise adaptive rate scaling: SGD with momentum whose step is proportional to the size of each layer's weights
 * (You et al. 2017; SimCLR section 2.2). Reproduces the official `lars_optimizer.py`.
 */
import type { Parameter } from '@simclr/core'
import { addDecayedWeights } from './add-decayed-weights.ts'
import { chain } from './chain.ts'
import { createOptimizer, type Optimizer } from './create-optimizer.ts'
import { fusedLars } from './fused-lars.ts'
import { masked } from './masked.ts'
import { momentum } from './momentum.ts'
import { type LearningRate, scaleByLearningRate } from './scale-by-learning-rate.ts'
import { scaleByTrustRatio } from './scale-by-trust-ratio.ts'

export interface LarsOptions {
  /** A constant or a schedule over updates. */
  readonly learningRate: LearningRate
  /** 0..1. Default 0.9. */
  readonly momentum?: number
  /** Default false. */
  readonly nesterov?: boolean
  /** At least 0. Default 1e-6, the paper's; the official commands pass 1e-4. */
  readonly weightDecay?: number
  /** Above 0. Default 0.001. */
  readonly trustCoefficient?: number
  /**
   * `'classic'` (default) puts the scaled step into the velocity; `'popular'` accumulates plain gradients and scales
   * the velocity, so that a change of the learning rate acts at once.
   */
  readonly form?: 'classic' | 'popular'
  /** Kernels to train without decay and adaptation, like the other roles: the official code names the supervised head. */
  readonly exclude?: (parameter: Parameter) => boolean
}

/**
 * LARS for `kernel` parameters, SGD with momentum for the other roles (biases, batch normalisation).
 *
 * @throws SimclrError if a number is out of its range.
 * @example
 * const optimizer = lars({ learningRate: warmupCosine({ peak: 4.8, warmupSteps: 122, totalSteps: 1221 }) })
 * optimizer.update(parameters, gradients)
 */
export function lars({
  learningRate,
  momentum: decay = 0.9,
  nesterov = false,
  weightDecay = 1e-6,
  trustCoefficient = 0.001,
  form = 'classic',
  exclude = () => false,
}: LarsOptions): Optimizer {
  const adapted = (parameter: Parameter): boolean => parameter.role === 'kernel' && !exclude(parameter)
  const decayWeights = masked(addDecayedWeights(weightDecay), adapted)
  const trust = masked(scaleByTrustRatio(trustCoefficient), adapted)
  const rate = scaleByLearningRate(learningRate)
  const accumulate = momentum({ decay, nesterov })
  if (form === 'popular') return createOptimizer(chain(decayWeights, accumulate, trust, rate))
  return createOptimizer(
    chain(decayWeights, trust, rate, accumulate),
    nesterov || decay === 0
      ? undefined
      : fusedLars({ adapted, learningRate, momentum: decay, weightDecay, trustCoefficient }),
  )
}
