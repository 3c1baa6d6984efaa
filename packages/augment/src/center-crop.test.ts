import { RandomKey } from '@simclr/core'
import { slice, split, type Tensor4D } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { goldenBatch, goldenImage, goldenInput, goldenOperations } from './__fixtures__/golden.ts'
import type { Augmentation } from './augmentation.ts'
import { centerCrop } from './center-crop.ts'
import { clip } from './clip.ts'
import { compose } from './compose.ts'

/** Nothing is random here. */
function applied(augmentation: Augmentation, images: Tensor4D): Tensor4D {
  const [count, height, width] = images.shape
  const key = RandomKey.fromSeed(0)
  return augmentation.apply(
    images,
    augmentation.sample(() => key, count, { height, width }),
  )
}

describe('centerCrop', () => {
  it.each(goldenOperations('center_crop'))('equals the official $key', (operation) => {
    const result = applied(centerCrop({ size: operation.out[0] }), goldenInput(operation))
    expect(result).toBeAllClose(goldenImage(operation.key), { absolute: 5e-6 })
  })

  it.each(goldenOperations('preprocess_for_eval'))('with clip equals the official $key', (operation) => {
    const evaluation = compose([centerCrop({ size: operation.out[0] }), clip()])
    const result = applied(evaluation, goldenInput(operation))
    expect(result).toBeAllClose(goldenImage(operation.key), { absolute: 5e-6 })
  })

  it('treats every image of a batch alike', () => {
    const crop = centerCrop({ size: 20 })
    const images = goldenBatch(3)
    const [, second] = split(applied(crop, images), 3)
    expect(second!).toBeAllClose(applied(crop, slice(images, 1, 1)), { absolute: 1e-6 })
  })

  it('refuses impossible options', () => {
    expect(() => centerCrop({ size: 0.5 })).toThrow(/size/)
    expect(() => centerCrop({ size: 8, proportion: 0 })).toThrow(/proportion/)
  })
})
