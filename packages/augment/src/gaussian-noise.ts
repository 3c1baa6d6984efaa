/** Gaussian noise, one of the operations of the paper's composition study: figures 4 and 5. */
import { add, clipByValue, mul, type Tensor4D, tensor4d, transpose } from '@tensorflow/tfjs-core'
import type { Augmentation } from './augmentation.ts'
import { defineAugmentation } from './define-augmentation.ts'
import { type DrawnNoise, drawNoise, fillNoise, type GaussianNoiseOptions } from './draw/gaussian-noise.ts'
import { mapGroups } from './map-groups.ts'
import { perImage } from './per-image.ts'

/**
 * Adds noise and clips to [0, 1]. The noise comes from the CPU, 17 ns a number when measured: equal on every engine.
 * Draws null for images that stay as they are.
 *
 * @throws SimclrError if the range of sigma or the probability is impossible.
 */
export function gaussianNoise(options: GaussianNoiseOptions = {}): Augmentation<DrawnNoise | null> {
  return defineAugmentation(drawNoise(options), (images, drawn) =>
    mapGroups(
      images,
      drawn.map((one) => (one === null ? null : 'noisy')),
      (some, indices) => {
        const chosen = indices.map((i) => drawn[i]!)
        const noise = planarNoise(
          chosen.map(({ seed }) => seed),
          some.shape,
        )
        return clipByValue(add(some, mul(noise, perImage(chosen.map(({ sigma }) => sigma)))), 0, 1)
      },
    ),
  )
}

/** The noise of each image, drawn pixel by pixel as that of a single image. */
function planarNoise(
  seeds: readonly number[],
  [count, channels, height, width]: Tensor4D['shape'],
): Tensor4D {
  const length = height * width * channels
  const noise = new Float32Array(count * length)
  seeds.forEach((seed, i) => {
    fillNoise(noise.subarray(i * length, (i + 1) * length), seed)
  })
  return transpose(tensor4d(noise, [count, height, width, channels]), [0, 3, 1, 2])
}
