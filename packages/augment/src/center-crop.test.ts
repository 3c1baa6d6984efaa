import { slice, split } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { goldenBatch, goldenImage, goldenInput, goldenOperations } from './__fixtures__/golden.ts'
import { centerCrop } from './center-crop.ts'
import { clip } from './clip.ts'
import { compose } from './compose.ts'

describe('centerCrop', () => {
  it.each(goldenOperations('center_crop'))('equals the official $key', (operation) => {
    const result = centerCrop({ size: operation.out[0] }).apply(goldenInput(operation), null)
    expect(result).toBeAllClose(goldenImage(operation.key), { absolute: 5e-6 })
  })

  it.each(goldenOperations('preprocess_for_eval'))('with clip equals the official $key', (operation) => {
    const evaluation = compose([centerCrop({ size: operation.out[0] }), clip()])
    const result = evaluation.apply(goldenInput(operation), [null, null])
    expect(result).toBeAllClose(goldenImage(operation.key), { absolute: 5e-6 })
  })

  it('treats every image of a batch alike', () => {
    const crop = centerCrop({ size: 20 })
    const images = goldenBatch(3)
    const [, second] = split(crop.apply(images, null), 3)
    expect(second!).toBeAllClose(crop.apply(slice(images, 1, 1), null), { absolute: 1e-6 })
  })

  it('refuses impossible options', () => {
    expect(() => centerCrop({ size: 0.5 })).toThrow(/size/)
    expect(() => centerCrop({ size: 8, proportion: 0 })).toThrow(/proportion/)
  })
})
