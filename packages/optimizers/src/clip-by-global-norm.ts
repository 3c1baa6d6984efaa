/** Gradients no longer than a given length (Pascanu et al. 2013). */
import { checkPositive, multiplyEach, normEach } from '@simclr/core'
import { add, div, minimum, norm, stack } from '@tensorflow/tfjs-core'
import type { GradientTransform } from './gradient-transform.ts'

/** Keeps the quotient finite, as PyTorch does. */
const EPSILON = 1e-6

/**
 * g ← g · min(1, maximum/(‖all gradients‖ + 1e-6)), PyTorch's `clip_grad_norm_`. One gradient that is not finite makes
 * the norm so, and the update passes it on (infinities become 0 or NaN, NaN makes all NaN), as PyTorch does without
 * `error_if_nonfinite`: it costs no wait for the device, and the loss shows it.
 *
 * @param maximum Above 0.
 * @throws SimclrError if maximum is not positive.
 */
export function clipByGlobalNorm(maximum: number): GradientTransform {
  checkPositive('clipByGlobalNorm: maximum', maximum)
  return {
    slots: [],
    apply(gradients) {
      if (gradients.length === 0) return gradients
      const globalNorm = norm(stack(normEach(gradients)))
      const factor = minimum(div(maximum, add(globalNorm, EPSILON)), 1)
      return multiplyEach(
        gradients,
        gradients.map(() => factor),
      )
    },
  }
}
