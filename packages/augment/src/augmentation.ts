/** The contract of every augmentation: parameters are drawn on the CPU, then applied to a batch of images. */
import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { Draw } from './draw/draw.ts'

/** A random (or fixed) map of images. Applying the same drawn parameters again gives the same view. */
export interface Augmentation<Drawn = unknown> extends Draw<Drawn> {
  /**
   * Applies drawn parameters, one element per image, to images `[n, h, w, 3]` float32 in [0, 1]. The caller disposes
   * the result.
   */
  apply(images: Tensor4D, drawn: readonly Drawn[]): Tensor4D
  /** As `apply`, on planar images `[n, 3, h, w]`: what a composition chains. */
  applyPlanar(images: Tensor4D, drawn: readonly Drawn[]): Tensor4D
}
