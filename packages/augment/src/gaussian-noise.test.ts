import { RandomKey } from '@simclr/core'
import { fill } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { goldenImage, goldenInput, goldenOperations } from './__fixtures__/golden.ts'
import { floatImage } from './__fixtures__/plain-images.ts'
import { fillNoise } from './draw/gaussian-noise.ts'
import { gaussianNoise } from './gaussian-noise.ts'
import { gaussianNoise as noisyImage } from './image/gaussian-noise.ts'

const key = RandomKey.fromSeed(2)
const size = { height: 16, width: 16 }

describe('gaussianNoise', () => {
  it.each(goldenOperations('gaussian_noise'))('equals the golden $key, batched and single', (operation) => {
    const drawn = { sigma: operation.sigma, seed: operation.noise_seed }
    const [images, expected] = [goldenInput(operation), goldenImage(operation.key)]
    expect(gaussianNoise().apply(images, [drawn])).toBeAllClose(expected, { absolute: 1e-6 })
    expect(noisyImage().apply(floatImage(images, 0), drawn).data).toBeAllClose(expected, { absolute: 1e-6 })
  })

  it('stays in [0, 1]', () => {
    const noisy = gaussianNoise().apply(fill([1, 20, 20, 3], 0.5), [{ sigma: 3, seed: 1 }])
    const values = noisy.dataSync()
    expect(Math.min(...values)).toBe(0)
    expect(Math.max(...values)).toBe(1)
  })

  it('draws sigma over its range and a seed of its own for each image', () => {
    const drawn = gaussianNoise({ sigma: [0.2, 0.4] }).sample((i) => key.fold(i), 1000, size)
    const sigmas = drawn.map((one) => one!.sigma)
    expect(Math.min(...sigmas)).toBeGreaterThanOrEqual(0.2)
    expect(Math.max(...sigmas)).toBeLessThan(0.4)
    const mean = sigmas.reduce((a, b) => a + b) / 1000
    expect(Math.abs(mean - 0.3)).toBeLessThan((4 * 0.2) / Math.sqrt(12 * 1000))
    expect(new Set(drawn.map((one) => one!.seed)).size).toBe(1000)
  })

  it('refuses impossible options', () => {
    expect(() => gaussianNoise({ sigma: [0.2, 0.1] })).toThrow(/smallest sigma/)
    expect(() => gaussianNoise({ sigma: [0, -1] })).toThrow(/largest sigma/)
    expect(() => gaussianNoise({ probability: 2 })).toThrow(/probability/)
  })
})

it.each([0, 7077, 2 ** 32 - 1])('the noise of seed %i is standard normal and uncorrelated', (seed) => {
  const noise = new Float32Array(100_000)
  fillNoise(noise, seed)
  const average = (of: (x: number, i: number) => number) =>
    noise.reduce((sum, x, i) => sum + of(x, i), 0) / noise.length
  expect(Math.abs(average((x) => x))).toBeLessThan(4 / Math.sqrt(noise.length))
  expect(Math.abs(average((x) => x * x) - 1)).toBeLessThan(4 * Math.sqrt(2 / noise.length))
  for (const lag of [1, 3, 96]) {
    expect(Math.abs(average((x, i) => x * (noise[i + lag] ?? 0)))).toBeLessThan(4 / Math.sqrt(noise.length))
  }
  const share = average((x) => (Math.abs(x) < 1 ? 1 : 0))
  expect(Math.abs(share - 0.6827)).toBeLessThan(0.008) // the sum of twelve uniform numbers has 0.6790
})
