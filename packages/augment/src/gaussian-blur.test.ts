import { RandomKey } from '@simclr/core'
import { readGoldenJson } from '@simclr/tools/testing'
import { concat, ones, slice, split, tensor4d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { goldenBatch, goldenImage, goldenInput, goldenOperations } from './__fixtures__/golden.ts'
import { gaussianBlur } from './gaussian-blur.ts'
import { twoViews } from './two-views.ts'

const { blur_kernel_size_rule } = readGoldenJson<{
  blur_kernel_size_rule: { height: number; actual: number }[]
}>(new URL('./__fixtures__/07_augment.json', import.meta.url))

describe('gaussianBlur', () => {
  it.each(goldenOperations('gaussian_blur'))('equals the official $key', (operation) => {
    const images = goldenInput(operation)
    const blur = gaussianBlur({ kernel: operation.actual_kernel_size / images.shape[1] })
    expect(blur.apply(images, [operation.sigma])).toBeAllClose(goldenImage(operation.key), { absolute: 1e-6 })
  })

  it.each(blur_kernel_size_rule)('takes $actual taps at a height of $height', ({ height, actual }) => {
    const values = new Float32Array(height * 3)
    values.fill(1, Math.floor(height / 2) * 3, Math.floor(height / 2) * 3 + 3)
    const blurred = gaussianBlur()
      .apply(tensor4d(values, [1, height, 1, 3]), [10])
      .dataSync()
    expect(blurred.filter((value) => value > 0)).toHaveLength(3 * actual)
  })

  it('gives each image its own sigma', () => {
    const images = goldenImage('img0.f32')
    const batch = concat([images, images])
    const [first, second] = split(gaussianBlur().apply(batch, [0.3, 1.7]), 2)
    expect(first!).toBeAllClose(gaussianBlur().apply(images, [0.3]))
    expect(second!).toBeAllClose(gaussianBlur().apply(images, [1.7]))
  })

  it("draws one sigma for each call of sample with per: 'batch'", () => {
    const blur = gaussianBlur({ per: 'batch' })
    const sample = (seed: number) => {
      const key = RandomKey.fromSeed(seed)
      return blur.sample((i) => key.fold(i), 50, { height: 32, width: 32 })
    }
    const blurred = sample(1).filter((sigma) => sigma !== null)
    expect(blurred.length).toBeGreaterThan(10)
    expect(blurred.length).toBeLessThan(40)
    expect(new Set(blurred).size).toBe(1)
    expect(sample(2)).not.toContain(blurred[0])
  })

  it("draws one sigma for each of two views with per: 'batch'", () => {
    const blur = gaussianBlur({ per: 'batch', probability: 1 })
    const images = goldenBatch(4)
    const key = RandomKey.fromSeed(3)
    const random = (image: number, view: number) => key.fold(image).fold(view)
    const size = { height: 32, width: 32 }
    const sigmas = [0, 1].map((view) => blur.sample((i) => random(i, view), 1, size)[0]!)
    expect(sigmas[0]).not.toBe(sigmas[1])
    const views = split(twoViews(images, blur, random), 2)
    for (const [view, sigma] of sigmas.entries()) {
      const expected = blur.apply(images, [sigma, sigma, sigma, sigma])
      expect(views[view]!).toBeAllClose(expected, { absolute: 1e-6 })
    }
  })

  it('keeps a flat image flat away from the border', () => {
    const blurred = gaussianBlur().apply(ones([1, 40, 40, 3]), [1])
    const inside = slice(blurred, [0, 5, 5, 0], [1, 30, 30, 3])
    expect(inside).toBeAllClose(new Float32Array(2700).fill(1), { absolute: 1e-6 })
  })

  it('refuses impossible options', () => {
    expect(() => gaussianBlur({ sigma: [2, 0.1] })).toThrow(/smallest sigma/)
    expect(() => gaussianBlur({ sigma: [0, 1] })).toThrow(/smallest sigma/)
    expect(() => gaussianBlur({ probability: -1 })).toThrow(/probability/)
    expect(() => gaussianBlur({ kernel: 2 })).toThrow(/kernel/)
  })
})
