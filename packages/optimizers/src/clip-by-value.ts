/** Gradients without large components. */
import { checkPositive } from '@simclr/core'
import { clipByValue as clip } from '@tensorflow/tfjs-core'
import type { GradientTransform } from './gradient-transform.ts'

/**
 * g ← min(max(g, −maximum), maximum) for each component, PyTorch's `clip_grad_value_`.
 *
 * @param maximum Above 0.
 * @throws SimclrError if maximum is not positive.
 */
export function clipByValue(maximum: number): GradientTransform {
  checkPositive('clipByValue: maximum', maximum)
  return { slots: [], apply: (gradients) => gradients.map((gradient) => clip(gradient, -maximum, maximum)) }
}
