/** Weight decay as the gradient of ½·weightDecay·‖w‖². */
import { addEach, checkRange } from '@simclr/core'
import type { GradientTransform } from './gradient-transform.ts'

/**
 * g ← g + weightDecay·w.
 *
 * @param weightDecay At least 0; 0 leaves gradients as they are.
 * @throws SimclrError if weightDecay is negative or not finite.
 */
export function addDecayedWeights(weightDecay: number): GradientTransform {
  checkRange('addDecayedWeights: weightDecay', weightDecay, 0, Number.MAX_VALUE)
  return {
    slots: [],
    apply: (gradients, { parameters }) =>
      weightDecay === 0
        ? gradients
        : addEach(
            gradients,
            parameters.map(({ value }) => value),
            weightDecay,
          ),
  }
}
