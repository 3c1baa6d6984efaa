/** Applies an augmentation to some of the images. */
import type { Augmentation } from './augmentation.ts'
import { defineAugmentation } from './define-augmentation.ts'
import { type DrawnRandomApply, drawSometimes, type RandomApplyOptions } from './draw/random-apply.ts'
import { mapGroups } from './map-groups.ts'

/**
 * Applies `augmentation` to each image with a probability; the others come through unchanged, bit for bit.
 *
 * @param augmentation Must keep the size of images.
 * @throws SimclrError if the probability is not between 0 and 1.
 */
export function randomApply<Drawn>(
  augmentation: Augmentation<Drawn>,
  options: RandomApplyOptions,
): Augmentation<DrawnRandomApply<Drawn>> {
  return defineAugmentation(drawSometimes(augmentation, options), (images, drawn) =>
    mapGroups(
      images,
      drawn.map((one) => (one === null ? null : 'changed')),
      (some, indices) =>
        augmentation.applyPlanar(
          some,
          indices.map((i) => drawn[i]!.applied),
        ),
    ),
  )
}
