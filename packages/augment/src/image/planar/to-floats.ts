import type { FloatImage, PlainImage } from '../image-augmentation.ts'
import { isPlanar, type PlanarImage } from './planar-image.ts'
import { toPlanar } from './to-planar.ts'
import { writePixels } from './write-pixels.ts'

/** Interleaved floats; an image of floats stays as it is. */
export function toFloats(image: PlainImage | PlanarImage): FloatImage {
  const { width, height } = image
  if (!isPlanar(image) && image.data instanceof Float32Array) return { data: image.data, width, height }
  const data = new Float32Array(3 * width * height)
  writePixels(toPlanar(image), data, 0)
  return { data, width, height }
}
