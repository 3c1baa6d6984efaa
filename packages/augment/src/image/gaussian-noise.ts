/** Gaussian noise on a single image. */
import { type DrawnNoise, drawNoise, fillNoise, type GaussianNoiseOptions } from '../draw/gaussian-noise.ts'
import { defineImageAugmentation } from './define-image-augmentation.ts'
import type { ImageAugmentation } from './image-augmentation.ts'

/**
 * As `gaussianNoise` of the batched entry.
 *
 * @throws SimclrError if the range of sigma or the probability is impossible.
 */
export function gaussianNoise(options: GaussianNoiseOptions = {}): ImageAugmentation<DrawnNoise | null> {
  return defineImageAugmentation(drawNoise(options), (image, drawn) => {
    if (drawn === null) return image
    const noise = new Float32Array(image.data.length)
    fillNoise(noise, drawn.seed)
    const data = image.data.map((x, i) => Math.min(Math.max(x + drawn.sigma * noise[i]!, 0), 1))
    return { ...image, data }
  })
}
