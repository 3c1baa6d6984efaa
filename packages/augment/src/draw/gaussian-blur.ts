import { checkRange } from '@simclr/core/plain'
import type { Draw } from './draw.ts'
import type { LineMap } from './line-map.ts'

/** Options of `gaussianBlur`. */
export interface GaussianBlurOptions {
  /** Share of images that are blurred; default 0.5. */
  probability?: number
  /** Smallest and largest standard deviation in pixels; default [0.1, 2]. */
  sigma?: readonly [number, number]
  /** Width of the kernel as a share of the image's height; default 0.1. */
  kernel?: number
  /** `image` (default) draws σ for each image; `batch` draws one for all, as the official code does for each view. */
  per?: 'image' | 'batch'
}

/** Draws σ for each image in pixels, null for those left as they are. */
export function drawBlur({
  probability = 0.5,
  sigma = [0.1, 2],
  kernel = 0.1,
  per = 'image',
}: GaussianBlurOptions = {}): Draw<number | null> {
  const name = 'gaussianBlur'
  checkRange(`${name}: probability`, probability, 0, 1)
  checkRange(`${name}: largest sigma`, sigma[1], Number.MIN_VALUE, Number.MAX_VALUE)
  checkRange(`${name}: smallest sigma`, sigma[0], Number.MIN_VALUE, sigma[1])
  checkRange(`${name}: kernel`, kernel, 0, 1)
  return {
    name,
    outputSize: (size) => size,
    sample: (random, count) =>
      Array.from({ length: count }, (_, i) => {
        if (random(i).fold(name).uniform(0) >= probability) return null
        return random(per === 'batch' ? 0 : i)
          .fold(name)
          .uniform(1, ...sigma)
      }),
  }
}

/** How far the kernel reaches from its centre, in pixels, as in the official code. */
export function blurRadius(height: number, kernel = 0.1): number {
  return Math.floor(Math.floor(height * kernel) / 2)
}

/** Weights below this are left out: they change nothing that float32 could hold. */
const SMALLEST_WEIGHT = 1e-8

/** Blurs a line of `length` pixels, with zeros beyond its ends: exp(-x² / 2σ²) for |x| ≤ `radius`, scaled to sum 1. */
export function blurMap(sigma: number, radius: number, length: number): LineMap {
  const side = blurWeights(sigma, radius)
  const reach = side.length - 1
  const stride = 2 * reach + 1
  const starts = Int32Array.from({ length }, (_, i) => Math.max(0, i - reach))
  const counts = starts.map((start, i) => Math.min(length, i + reach + 1) - start)
  const weights = new Float32Array(length * stride)
  for (let i = 0; i < length; i++) {
    for (let t = 0; t < counts[i]!; t++) weights[i * stride + t] = side[Math.abs(starts[i]! + t - i)]!
  }
  return { origin: 0, starts, counts, weights, stride }
}

/** The weights at distance 0, 1, … up to `radius`, as far as they are not negligible. */
export function blurWeights(sigma: number, radius: number): number[] {
  const weights = Array.from({ length: radius + 1 }, (_, x) => Math.exp(-(x * x) / (2 * sigma * sigma)))
  const sum = weights.reduce((total, weight) => total + 2 * weight, -1)
  return weights.map((weight) => weight / sum).filter((weight) => weight > SMALLEST_WEIGHT)
}
