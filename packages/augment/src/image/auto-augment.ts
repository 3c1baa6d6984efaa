/** AutoAugment of a single image. */
import { drawAutoAugment } from '../draw/auto-augment.ts'
import type { Step } from '../draw/step.ts'
import { applySteps } from './apply-steps.ts'
import { defineImageAugmentation } from './define-image-augmentation.ts'
import type { ImageAugmentation } from './image-augmentation.ts'

/** As `autoAugment` of the batched entry. */
export function autoAugment(): ImageAugmentation<readonly Step[]> {
  return defineImageAugmentation(drawAutoAugment(), applySteps)
}
