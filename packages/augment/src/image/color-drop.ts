/** Random colour drop of a single image: paper appendix A. */
import { type ColorDropOptions, drawColorDrop } from '../draw/color-drop.ts'
import { definePlanarAugmentation } from './define-planar-augmentation.ts'
import type { ImageAugmentation } from './image-augmentation.ts'
import { dropColors } from './planar/adjustments.ts'
import { toPlanar } from './planar/to-planar.ts'

/**
 * As `colorDrop` of the batched entry.
 *
 * @throws SimclrError if the probability is not between 0 and 1.
 */
export function colorDrop(options: ColorDropOptions = {}): ImageAugmentation<boolean> {
  return definePlanarAugmentation(drawColorDrop(options), (image, dropped) => {
    if (!dropped) return image
    const planar = toPlanar(image)
    dropColors(planar)
    return planar
  })
}
