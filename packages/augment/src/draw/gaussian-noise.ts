import { checkRange } from '@simclr/core/plain'
import { type Draw, drawSome } from './draw.ts'

/** Options of `gaussianNoise`. */
export interface GaussianNoiseOptions {
  /** Smallest and largest standard deviation, for images in [0, 1]; default [0, 0.1]. The paper gives no numbers. */
  sigma?: readonly [number, number]
  /** Share of images that are changed; default 1. */
  probability?: number
}

/** What `gaussianNoise` draws for an image that it changes. */
export interface DrawnNoise {
  readonly sigma: number
  /** Of the image's noise: 32 bits. */
  readonly seed: number
}

/** Draws strength and seed of each image's noise; null for images that stay as they are. */
export function drawNoise({
  sigma = [0, 0.1],
  probability = 1,
}: GaussianNoiseOptions = {}): Draw<DrawnNoise | null> {
  checkRange('gaussianNoise: probability', probability, 0, 1)
  checkRange('gaussianNoise: largest sigma', sigma[1], 0, Number.MAX_VALUE)
  checkRange('gaussianNoise: smallest sigma', sigma[0], 0, sigma[1])
  return drawSome('gaussianNoise', probability, (key) => ({
    sigma: key.uniform(1, ...sigma),
    seed: key.integer(2, 2 ** 32),
  }))
}

const UNIFORMS = 12

/**
 * Writes standard normal numbers: element i is the sum of the uniform numbers 12·i to 12·i + 11 of the seed, less 6.
 * Sums of whole numbers are exact, so the noise is the same on every machine; none lies beyond 6 deviations. A uniform
 * number is the upper 24 bits of a finalised counter (the mixer of MurmurHash3).
 */
export function fillNoise(noise: Float32Array, seed: number): void {
  let counter = Math.imul(seed, 0x9e3779b1)
  for (let i = 0; i < noise.length; i++) {
    let sum = 0
    for (let j = 0; j < UNIFORMS; j++) {
      let x = counter
      counter = (counter + 1) | 0
      x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
      x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
      sum += (x ^ (x >>> 16)) >>> 8
    }
    noise[i] = sum * 2 ** -24 - UNIFORMS / 2
  }
}
