/** Adaptive moment estimation (Kingma & Ba 2015, algorithm 1). */
import { checkPositive, checkRange } from '@simclr/core'
import { add, div, mul, sqrt, square } from '@tensorflow/tfjs-core'
import type { GradientTransform } from './gradient-transform.ts'

export interface ScaleByAdamOptions {
  /** Decay of the mean of gradients, 0..1. Default 0.9. */
  readonly beta1?: number
  /** Decay of the mean of squared gradients, 0..1. Default 0.999. */
  readonly beta2?: number
  /** Added to the root of the second moment. Default 1e-8. */
  readonly epsilon?: number
}

/**
 * g ← m̂/(√v̂ + epsilon), with bias-corrected moments. Remembers `first-moment` and `second-moment`.
 *
 * @throws SimclrError unless 0 ≤ beta ≤ 1 and epsilon > 0.
 */
export function scaleByAdam({
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-8,
}: ScaleByAdamOptions = {}): GradientTransform {
  checkRange('scaleByAdam: beta1', beta1, 0, 1)
  checkRange('scaleByAdam: beta2', beta2, 0, 1)
  checkPositive('scaleByAdam: epsilon', epsilon)
  return {
    slots: ['first-moment', 'second-moment'],
    apply(gradient, { step, slot }) {
      const first = slot('first-moment')
      const second = slot('second-moment')
      first.assign(add(mul(gradient, 1 - beta1), mul(first, beta1)))
      second.assign(add(mul(square(gradient), 1 - beta2), mul(second, beta2)))
      const mean = div(first, 1 - beta1 ** (step + 1))
      const deviation = sqrt(div(second, 1 - beta2 ** (step + 1)))
      return div(mean, add(deviation, epsilon))
    },
  }
}
