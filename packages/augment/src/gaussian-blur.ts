/**
 * Gaussian blur: paper appendix A; gaussian_blur in the official data_util.py. The blur of an image is one linear map of
 * its rows and one of its columns.
 */
import type { Augmentation } from './augmentation.ts'
import { defineAugmentation } from './define-augmentation.ts'
import { blurMap, blurRadius, drawBlur, type GaussianBlurOptions } from './draw/gaussian-blur.ts'
import { lineMatrices } from './line-matrices.ts'
import { mapGroups } from './map-groups.ts'
import { separableMap } from './separable-map.ts'

/**
 * Blurs images with zeros beyond the border, which therefore darkens. Draws σ for each image, null for those left as
 * they are.
 *
 * @throws SimclrError if a range or the probability is impossible.
 */
export function gaussianBlur(options: GaussianBlurOptions = {}): Augmentation<number | null> {
  return defineAugmentation(drawBlur(options), (images, sigmas) =>
    mapGroups(
      images,
      sigmas.map((sigma) => (sigma === null ? null : 'blurred')),
      (some, indices) => {
        const [, , height, width] = some.shape
        const radius = blurRadius(height, options.kernel)
        const maps = (length: number) => indices.map((i) => blurMap(sigmas[i]!, radius, length))
        return separableMap(
          some,
          lineMatrices(maps(height), height, 'left'),
          lineMatrices(maps(width), width, 'right'),
        )
      },
    ),
  )
}
