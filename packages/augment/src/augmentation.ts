/** The contract of every augmentation: parameters are drawn on the CPU, then applied to a batch of images. */
import type { RandomKey } from '@simclr/core'
import type { Tensor4D } from '@tensorflow/tfjs-core'

/** Height and width in pixels. */
export interface ImageSize {
  readonly height: number
  readonly width: number
}

/** The key of the random numbers of image `image` of a batch. */
export type RandomOf = (image: number) => RandomKey

/**
 * A random (or fixed) map of images. What it draws for an image depends on that image's key only, never on the rest
 * of the batch, and applying the same drawn parameters again gives the same view.
 */
export interface Augmentation<Drawn = unknown> {
  /** Folded into the key of each image, so that draws do not depend on the order of augmentations. */
  readonly name: string
  /** Draws the parameters for `count` images of `size`: pure arithmetic, plain JSON data. */
  sample(random: RandomOf, count: number, size: ImageSize): Drawn
  /** Applies drawn parameters to images `[n, h, w, 3]` float32 in [0, 1]. The caller disposes the result. */
  apply(images: Tensor4D, drawn: Drawn): Tensor4D
  /** As `apply`, on planar images `[n, 3, h, w]`: what a composition chains. */
  applyPlanar(images: Tensor4D, drawn: Drawn): Tensor4D
  /** The size of the result for images of `size`. */
  outputSize(size: ImageSize): ImageSize
}
