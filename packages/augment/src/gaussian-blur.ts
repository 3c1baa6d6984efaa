/**
 * Gaussian blur: paper appendix A; gaussian_blur in the official data_util.py. The blur of an image is one linear map of
 * its rows and one of its columns.
 */
import { type Tensor3D, tensor3d } from '@tensorflow/tfjs-core'
import type { Augmentation } from './augmentation.ts'
import { defineAugmentation } from './define-augmentation.ts'
import { blurRadius, blurWeights, drawBlur, type GaussianBlurOptions } from './draw/gaussian-blur.ts'
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
        const weights = indices.map((i) => blurWeights(sigmas[i]!, radius))
        return separableMap(some, bands(weights, height), bands(weights, width))
      },
    ),
  )
}

/** Banded matrices `[n, length, length]` that convolve a line with symmetric weights. */
function bands(weights: readonly Float32Array[], length: number): Tensor3D {
  const matrices = new Float32Array(weights.length * length * length)
  weights.forEach((half, i) => {
    for (let row = 0; row < length; row++) {
      const begin = (i * length + row) * length
      const last = Math.min(length - 1, row + half.length - 1)
      for (let column = Math.max(0, row - half.length + 1); column <= last; column++) {
        matrices[begin + column] = half[Math.abs(column - row)]!
      }
    }
  })
  return tensor3d(matrices, [weights.length, length, length])
}
