/** Makes an augmentation of single images from its two halves. */
import type { Draw } from '../draw/draw.ts'
import { definePlanarAugmentation } from './define-planar-augmentation.ts'
import type { FloatImage, ImageAugmentation } from './image-augmentation.ts'
import { toFloats } from './planar/to-floats.ts'

/**
 * Adds checks and the conversion from and to bytes.
 *
 * @param applyFloat Maps RGB floats by the parameters of one image; must not write to its argument.
 * @returns Its `apply` throws a SimclrError unless data, width and height agree.
 */
export function defineImageAugmentation<Drawn>(
  draw: Draw<Drawn>,
  applyFloat: (image: FloatImage, drawn: Drawn) => FloatImage,
): ImageAugmentation<Drawn> {
  return definePlanarAugmentation(draw, (image, drawn) => applyFloat(toFloats(image), drawn))
}
