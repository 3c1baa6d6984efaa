/** The contract of augmentations of a single image, without TensorFlow.js. */
import type { Draw } from '../draw/draw.ts'
import type { PlanarImage } from './planar/planar-image.ts'

/** An image as browsers and decoders give it, row-major with interleaved channels. */
export interface PlainImage {
  /** RGBA or RGB bytes, or RGB floats in [0, 1]: `height · width` times 3 or 4 numbers. */
  readonly data: Uint8ClampedArray | Uint8Array | Float32Array
  readonly width: number
  readonly height: number
}

/** What augmentations compute with: RGB in [0, 1], `[height, width, 3]`. */
export interface FloatImage {
  readonly data: Float32Array
  readonly width: number
  readonly height: number
}

/** The same draws as the batched augmentation of this name, applied to one image. */
export interface ImageAugmentation<Drawn = unknown> extends Draw<Drawn> {
  /**
   * Applies what was drawn for the image, one element of what `sample` returns.
   *
   * @returns A new image of the same kind: bytes are rounded and clipped, an alpha channel is opaque.
   */
  apply(image: PlainImage, drawn: Drawn): PlainImage
  /** As `apply`, without conversion and clipping. Leaves its argument as it is. */
  applyFloat(image: FloatImage, drawn: Drawn): FloatImage
  /**
   * What compositions chain, from the first image to the last without conversion: images as they came, or in the working
   * memory. May overwrite the latter; returns its argument if nothing changes.
   */
  applyPlanar(image: PlainImage | PlanarImage, drawn: Drawn): PlainImage | PlanarImage
}
