/** The two views of each image that SimCLR contrasts: paper section 2.1. */
import type { RandomKey } from '@simclr/core'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { Augmentation } from './augmentation.ts'
import { multipleViews } from './multiple-views.ts'

/**
 * Draws two views of every image by one augmentation.
 *
 * @param images `[N, h, w, 3]` float32 in [0, 1].
 * @param random The key of view 0 or 1 of image 0..N-1 of the batch; fold seed, epoch and example into it.
 * @returns `[2N, h', w', 3]`: rows 0..N-1 view one, N..2N-1 view two. The caller disposes it.
 *
 * @example
 * const key = RandomKey.fromSeed(seed).fold(epoch)
 * const views = twoViews(images, augmentation, (image, view) => key.fold(examples[image]).fold(view))
 */
export function twoViews(
  images: Tensor4D,
  augmentation: Augmentation,
  random: (image: number, view: number) => RandomKey,
): Tensor4D {
  return multipleViews(images, { branches: [augmentation, augmentation] }, random)
}
