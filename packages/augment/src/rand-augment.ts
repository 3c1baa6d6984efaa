/** RandAugment (Cubuk et al. 2019): random operations of one strength. */
import { applySteps } from './apply-steps.ts'
import type { Augmentation } from './augmentation.ts'
import { defineAugmentation } from './define-augmentation.ts'
import { drawRandAugment, type RandAugmentOptions } from './draw/rand-augment.ts'
import type { Step } from './draw/step.ts'

/**
 * Applies N operations of strength M, out of the 14 of the paper. Ranges are those of torchvision's RandAugment; pixels
 * are computed as by Pillow. Draws the list of each image's operations.
 *
 * @throws SimclrError if N is not a whole number or M is not between 0 and 30.
 */
export function randAugment(options: RandAugmentOptions = {}): Augmentation<readonly Step[]> {
  return defineAugmentation(drawRandAugment(options), applySteps)
}
