/** Applies an augmentation to a share of single images. */
import { type DrawnRandomApply, drawSometimes, type RandomApplyOptions } from '../draw/random-apply.ts'
import { definePlanarAugmentation } from './define-planar-augmentation.ts'
import type { ImageAugmentation } from './image-augmentation.ts'

/**
 * As `randomApply` of the batched entry.
 *
 * @throws SimclrError if the probability is not between 0 and 1.
 */
export function randomApply<Drawn>(
  augmentation: ImageAugmentation<Drawn>,
  options: RandomApplyOptions,
): ImageAugmentation<DrawnRandomApply<Drawn>> {
  return definePlanarAugmentation(drawSometimes(augmentation, options), (image, drawn) =>
    drawn === null ? image : augmentation.applyPlanar(image, drawn.applied),
  )
}
