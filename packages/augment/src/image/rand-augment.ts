/** RandAugment of a single image. */
import { drawRandAugment, type RandAugmentOptions } from '../draw/rand-augment.ts'
import type { Step } from '../draw/step.ts'
import { applySteps } from './apply-steps.ts'
import { defineImageAugmentation } from './define-image-augmentation.ts'
import type { ImageAugmentation } from './image-augmentation.ts'

/**
 * As `randAugment` of the batched entry.
 *
 * @throws SimclrError if N is not a whole number or M is not between 0 and 30.
 */
export function randAugment(options: RandAugmentOptions = {}): ImageAugmentation<readonly Step[]> {
  return defineImageAugmentation(drawRandAugment(options), applySteps)
}
