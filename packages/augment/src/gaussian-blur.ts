/**
 * Gaussian blur: paper appendix A; gaussian_blur in the official data_util.py. The blur of an image is one linear map of
 * its rows and one of its columns.
 */
import { checkRange } from '@simclr/core'
import { type Tensor3D, tensor3d } from '@tensorflow/tfjs-core'
import type { Augmentation } from './augmentation.ts'
import { defineAugmentation } from './define-augmentation.ts'
import { mapGroups } from './map-groups.ts'
import { separableMap } from './separable-map.ts'

/** Options of {@link gaussianBlur}. */
export interface GaussianBlurOptions {
  /** Share of images that are blurred; default 0.5. */
  probability?: number
  /** Smallest and largest standard deviation in pixels; default [0.1, 2]. */
  sigma?: readonly [number, number]
  /** Width of the kernel as a share of the image's height; default 0.1. */
  kernel?: number
}

/** Weights below this are zero: products of denormal numbers are several times slower. */
const SMALLEST_WEIGHT = 1e-30

/**
 * Blurs images with zeros beyond the border, which therefore darkens. Draws σ for each image, null for those left as
 * they are; the official code draws one σ for a whole batch of views.
 *
 * @throws SimclrError if a range or the probability is impossible.
 */
export function gaussianBlur({
  probability = 0.5,
  sigma = [0.1, 2],
  kernel = 0.1,
}: GaussianBlurOptions = {}): Augmentation<readonly (number | null)[]> {
  checkRange('gaussianBlur: probability', probability, 0, 1)
  checkRange('gaussianBlur: largest sigma', sigma[1], Number.MIN_VALUE, Number.MAX_VALUE)
  checkRange('gaussianBlur: smallest sigma', sigma[0], Number.MIN_VALUE, sigma[1])
  checkRange('gaussianBlur: kernel', kernel, 0, 1)
  return defineAugmentation({
    name: 'gaussianBlur',
    sample: (random, count) =>
      Array.from({ length: count }, (_, i) => {
        const key = random(i).fold('gaussianBlur')
        return key.uniform(0) < probability ? key.uniform(1, ...sigma) : null
      }),
    applyPlanar: (images, sigmas) =>
      mapGroups(
        images,
        sigmas.map((one) => (one === null ? null : 'blurred')),
        (some, indices) => {
          const [, , height, width] = some.shape
          const radius = Math.floor(Math.floor(height * kernel) / 2)
          const own = indices.map((i) => sigmas[i]!)
          return separableMap(some, blurMatrices(own, height, radius), blurMatrices(own, width, radius))
        },
      ),
  })
}

/** Banded matrices `[n, length, length]` that convolve a line with exp(-x² / 2σ²), normalised over |x| ≤ radius. */
function blurMatrices(sigmas: readonly number[], length: number, radius: number): Tensor3D {
  const matrices = new Float32Array(sigmas.length * length * length)
  sigmas.forEach((sigma, i) => {
    const weights = Array.from({ length: radius + 1 }, (_, x) => Math.exp(-(x * x) / (2 * sigma * sigma)))
    const sum = weights.reduce((total, weight) => total + 2 * weight, -1)
    for (let row = 0; row < length; row++) {
      const begin = (i * length + row) * length
      const last = Math.min(length - 1, row + radius)
      for (let column = Math.max(0, row - radius); column <= last; column++) {
        const weight = weights[Math.abs(column - row)]! / sum
        if (weight > SMALLEST_WEIGHT) matrices[begin + column] = weight
      }
    }
  })
  return tensor3d(matrices, [sigmas.length, length, length])
}
