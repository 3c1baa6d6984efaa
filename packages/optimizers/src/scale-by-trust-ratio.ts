/** Layer-wise adaptation of the step to the size of the weights (You et al. 2017, LARS, equation 6). */
import { checkPositive, multiplyEach, normEach } from '@simclr/core'
import { div, greater, minimum, mul, stack, unstack, where } from '@tensorflow/tfjs-core'
import type { GradientTransform } from './gradient-transform.ts'

/**
 * g ← g · trustCoefficient·‖w‖/‖g‖, and g ← g where either norm is 0, as the official `lars_optimizer.py` does.
 *
 * @param trustCoefficient Above 0.
 * @throws SimclrError if trustCoefficient is not positive.
 */
export function scaleByTrustRatio(trustCoefficient: number): GradientTransform {
  checkPositive('scaleByTrustRatio: trustCoefficient', trustCoefficient, 'The paper uses 0.001.')
  return {
    slots: [],
    apply(gradients, { parameters }) {
      if (gradients.length === 0) return gradients
      const weightNorms = stack(normEach(parameters.map(({ value }) => value)))
      const gradientNorms = stack(normEach(gradients))
      const ratios = mul(div(weightNorms, gradientNorms), trustCoefficient)
      const bothPositive = greater(minimum(weightNorms, gradientNorms), 0)
      return multiplyEach(gradients, unstack(where(bothPositive, ratios, 1)))
    },
  }
}
