/** Colour jitter of a single image: paper appendix A. */
import { type ColorJitterOptions, type DrawnColorJitter, drawColorJitter } from '../draw/color-jitter.ts'
import { definePlanarAugmentation } from './define-planar-augmentation.ts'
import type { ImageAugmentation } from './image-augmentation.ts'
import { adjustContrast, adjustHue, adjustSaturation, scaleAndShift } from './planar/adjustments.ts'
import { toPlanar } from './planar/to-planar.ts'

/**
 * As `colorJitter` of the batched entry.
 *
 * @throws SimclrError if the strength or the probability is out of range.
 */
export function colorJitter(options: ColorJitterOptions = {}): ImageAugmentation<DrawnColorJitter | null> {
  const isAdditive = options.brightness === 'additive'
  return definePlanarAugmentation(drawColorJitter(options), (image, drawn) => {
    if (drawn === null) return image
    const planar = toPlanar(image)
    const { order, brightness, contrast, saturation, hue } = drawn
    const adjustments = [
      () => scaleAndShift(planar, isAdditive ? 1 : brightness, isAdditive ? brightness : 0),
      () => adjustContrast(planar, contrast),
      () => adjustSaturation(planar, saturation),
      () => adjustHue(planar, hue),
    ]
    for (const next of order) adjustments[next]!()
    return planar
  })
}
