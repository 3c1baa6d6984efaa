/** The two views of a single image that SimCLR contrasts: paper section 2.1. */
import type { RandomKey } from '@simclr/core/plain'
import type { ImageAugmentation, PlainImage } from './image-augmentation.ts'

/**
 * Draws two views of an image: those that `twoViews` of the batched entry makes with the same keys.
 *
 * @param random The key of view 0 or 1.
 * @throws SimclrError unless data, width and height agree.
 *
 * @example
 * const key = RandomKey.fromSeed(seed).fold(epoch).fold(example)
 * const [first, second] = twoViews(image, augmentation, (view) => key.fold(view))
 */
export function twoViews(
  image: PlainImage,
  augmentation: ImageAugmentation,
  random: (view: number) => RandomKey,
): [PlainImage, PlainImage] {
  const view = (index: number): PlainImage => {
    const [drawn] = augmentation.sample(() => random(index), 1, image)
    return augmentation.apply(image, drawn)
  }
  return [view(0), view(1)]
}
