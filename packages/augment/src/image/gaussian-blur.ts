/** Gaussian blur of a single image: paper appendix A. */
import { blurRadius, blurWeights, drawBlur, type GaussianBlurOptions } from '../draw/gaussian-blur.ts'
import { definePlanarAugmentation } from './define-planar-augmentation.ts'
import type { ImageAugmentation } from './image-augmentation.ts'
import { blurPlanes } from './planar/blur-planes.ts'
import { toPlanar } from './planar/to-planar.ts'

/**
 * As `gaussianBlur` of the batched entry.
 *
 * @throws SimclrError if a range or the probability is impossible.
 */
export function gaussianBlur(options: GaussianBlurOptions = {}): ImageAugmentation<number | null> {
  return definePlanarAugmentation(drawBlur(options), (image, sigma) =>
    sigma === null
      ? image
      : blurPlanes(toPlanar(image), blurWeights(sigma, blurRadius(image.height, options.kernel))),
  )
}
