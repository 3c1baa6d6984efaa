/** Gaussian blur of a single image: paper appendix A. */
import { blurMap, blurRadius, drawBlur, type GaussianBlurOptions } from '../draw/gaussian-blur.ts'
import { applyLineMaps } from './apply-line-maps.ts'
import { defineImageAugmentation } from './define-image-augmentation.ts'
import type { ImageAugmentation } from './image-augmentation.ts'

/**
 * As `gaussianBlur` of the batched entry.
 *
 * @throws SimclrError if a range or the probability is impossible.
 */
export function gaussianBlur(options: GaussianBlurOptions = {}): ImageAugmentation<number | null> {
  return defineImageAugmentation(drawBlur(options), (image, sigma) => {
    if (sigma === null) return image
    const { width, height } = image
    const radius = blurRadius(height, options.kernel)
    return applyLineMaps(image, blurMap(sigma, radius, height), blurMap(sigma, radius, width))
  })
}
