/** Adaptive moment estimation (Kingma & Ba 2015, algorithm 1). */
import { addEach, checkPositive, checkRange, multiplyEach } from '@simclr/core'
import { add, div, sqrt, type Tensor, type Variable } from '@tensorflow/tfjs-core'
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
    apply(gradients, { step, slot }) {
      const squares = multiplyEach(gradients, gradients)
      const first = movingAverage(slot('first-moment'), gradients, beta1)
      const second = movingAverage(slot('second-moment'), squares, beta2)
      const means = multiplyEach(first, 1 / (1 - beta1 ** (step + 1)))
      const variances = multiplyEach(second, 1 / (1 - beta2 ** (step + 1)))
      return means.map((mean, index) => div(mean, add(sqrt(variances[index]!), epsilon)))
    },
  }
}

/** average ← decay·average + (1 − decay)·value */
function movingAverage(averages: readonly Variable[], values: readonly Tensor[], decay: number): Tensor[] {
  const moved = addEach(multiplyEach(averages, decay), values, 1 - decay)
  averages.forEach((average, index) => {
    average.assign(moved[index]!)
  })
  return moved
}
