import { RandomKey } from '@simclr/core'
import { slice, tensor4d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { goldenBatch } from './__fixtures__/golden.ts'
import { simclrAugmentation } from './simclr-augmentation.ts'
import { twoViews } from './two-views.ts'

const key = RandomKey.fromSeed(4)
const random = (image: number, view: number) => key.fold(image).fold(view)

describe('twoViews', () => {
  const augmentation = simclrAugmentation({ size: 24 })
  const images = goldenBatch(5)

  it('row i and row i + N are views 0 and 1 of image i', () => {
    const views = twoViews(images, augmentation, random)
    expect(views.shape).toEqual([10, 24, 24, 3])
    for (const view of [0, 1]) {
      const drawn = augmentation.sample((i) => random(i, view), 5, { height: 32, width: 32 })
      const expected = augmentation.apply(images, drawn)
      expect(slice(views, 5 * view, 5)).toBeAllClose(expected, { absolute: 1e-6 })
    }
  })

  it('leaks no tensors', () => {
    expect(() => twoViews(images, augmentation, random).dispose()).toLeakNoTensors()
  })

  it('refuses a single image without batch axis', () => {
    const image = tensor4d([0, 0, 0, 0], [1, 2, 2, 1])
    expect(() => twoViews(image, augmentation, random)).toThrow(/RGB/)
  })
})
