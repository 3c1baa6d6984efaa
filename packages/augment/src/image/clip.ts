/** Clipping of a single image to [0, 1]. */
import { drawClip } from '../draw/clip.ts'
import { definePlanarAugmentation } from './define-planar-augmentation.ts'
import type { ImageAugmentation } from './image-augmentation.ts'
import { scaleAndShift } from './planar/adjustments.ts'
import { toPlanar } from './planar/to-planar.ts'

/** As `clip` of the batched entry. */
export function clip(): ImageAugmentation<null> {
  return definePlanarAugmentation(drawClip(), (image) => {
    const planar = toPlanar(image)
    scaleAndShift(planar, 1, 0)
    return planar
  })
}
