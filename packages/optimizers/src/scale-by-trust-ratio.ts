/** Layer-wise adaptation of the step to the size of the weights (You et al. 2017, LARS, equation 6). */
import { checkPositive } from '@simclr/core'
import {
  div,
  greater,
  minimum,
  mul,
  type Scalar,
  sqrt,
  square,
  sum,
  type Tensor,
  where,
} from '@tensorflow/tfjs-core'
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
    apply(gradient, { parameter }) {
      const weightNorm = euclideanNorm(parameter.value)
      const gradientNorm = euclideanNorm(gradient)
      const ratio = mul(div(weightNorm, gradientNorm), trustCoefficient)
      const bothPositive = greater(minimum(weightNorm, gradientNorm), 0)
      return mul(gradient, where(bothPositive, ratio, 1))
    },
  }
}

function euclideanNorm(x: Tensor): Scalar {
  return sqrt(sum(square(x)))
}
