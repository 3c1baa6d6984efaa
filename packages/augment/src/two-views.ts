/** The two views of each image that SimCLR contrasts: paper section 2.1. */
import type { RandomKey } from '@simclr/core'
import { checkShape } from '@simclr/core'
import { concat, type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import type { Augmentation } from './augmentation.ts'

/**
 * Draws two views of every image.
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
  checkShape('twoViews: images', images.shape, [-1, -1, -1, 3], 'Pass RGB images [n, height, width, 3].')
  const [count, height, width] = images.shape
  const drawn = augmentation.sample((i) => random(i % count, Math.floor(i / count)), 2 * count, {
    height,
    width,
  })
  return tidy(() => augmentation.apply(concat([images, images]), drawn))
}
