/** Random left-to-right flip of a single image: paper appendix A. */
import { drawFlip, type RandomFlipOptions } from '../draw/random-flip.ts'
import { definePlanarAugmentation } from './define-planar-augmentation.ts'
import type { ImageAugmentation } from './image-augmentation.ts'
import { mirrorRows } from './planar/mirror-rows.ts'
import { toPlanar } from './planar/to-planar.ts'

/**
 * As `randomFlip` of the batched entry.
 *
 * @throws SimclrError if the probability is not between 0 and 1.
 */
export function randomFlip(options: RandomFlipOptions = {}): ImageAugmentation<boolean> {
  return definePlanarAugmentation(drawFlip(options), (image, flipped) =>
    flipped ? mirrorRows(toPlanar(image)) : image,
  )
}
