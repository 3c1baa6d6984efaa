/** Random left-to-right flip: paper appendix A. */
import { reverse } from '@tensorflow/tfjs-core'
import type { Augmentation } from './augmentation.ts'
import { defineAugmentation } from './define-augmentation.ts'
import { drawFlip, type RandomFlipOptions } from './draw/random-flip.ts'
import { mapGroups } from './map-groups.ts'

/**
 * Mirrors images left to right. Next to a crop, use the crop's option `flip`: the same draws, at no cost.
 * Draws for each image whether it is mirrored.
 *
 * @throws SimclrError if the probability is not between 0 and 1.
 */
export function randomFlip(options: RandomFlipOptions = {}): Augmentation<boolean> {
  return defineAugmentation(drawFlip(options), (images, drawn) =>
    mapGroups(
      images,
      drawn.map((flipped) => (flipped ? 'flipped' : null)),
      (some) => reverse(some, 3),
    ),
  )
}
