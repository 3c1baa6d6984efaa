import type { PlainImage } from '../image-augmentation.ts'
import { isPlanar, type PlanarImage } from './planar-image.ts'

/** What interleaved rows are made of: RGB float32, or RGB or RGBA bytes. */
export type PixelKind = 'floats' | 'rgb' | 'rgba'

/** The kind of an image's interleaved rows; those of planes are floats. */
export function pixelKind(image: PlainImage | PlanarImage): PixelKind {
  if (isPlanar(image) || image.data instanceof Float32Array) return 'floats'
  return image.data.length === 3 * image.width * image.height ? 'rgb' : 'rgba'
}
