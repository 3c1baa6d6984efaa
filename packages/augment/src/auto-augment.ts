/** AutoAugment with the policy for ImageNet (Cubuk et al. 2018): the last column of the paper's table 1. */
import { applySteps } from './apply-steps.ts'
import type { Augmentation } from './augmentation.ts'
import { defineAugmentation } from './define-augmentation.ts'
import { drawAutoAugment } from './draw/auto-augment.ts'
import type { Step } from './draw/step.ts'

/**
 * Applies one of 25 pairs of operations, each operation with its own probability. Sub-policies and strengths are those of
 * the authors' TensorFlow code; pixels are computed as by Pillow. Shifts are shares of the image, 150/331 at most, as in
 * the paper; the authors' code shifts by up to 250 pixels whatever the size. Draws the list of each image's operations.
 */
export function autoAugment(): Augmentation<readonly Step[]> {
  return defineAugmentation(drawAutoAugment(), applySteps)
}
