/** Solarization of a single image. */
import { drawSolarize, type SolarizeOptions } from '../draw/solarize.ts'
import { defineImageAugmentation } from './define-image-augmentation.ts'
import type { ImageAugmentation } from './image-augmentation.ts'

/**
 * As `solarize` of the batched entry.
 *
 * @throws SimclrError if the threshold or the probability is not between 0 and 1.
 */
export function solarize(options: SolarizeOptions = {}): ImageAugmentation<number | null> {
  return defineImageAugmentation(drawSolarize(options), (image, drawn) => {
    if (drawn === null) return image
    const threshold = Math.fround(drawn) // as the values it is compared with
    return { ...image, data: image.data.map((x) => (x < threshold ? x : 1 - x)) }
  })
}
