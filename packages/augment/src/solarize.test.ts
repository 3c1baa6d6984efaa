import { tensor4d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { goldenImage, goldenInput, goldenOperations } from './__fixtures__/golden.ts'
import { floatImage } from './__fixtures__/plain-images.ts'
import { solarize as solarizeImage } from './image/solarize.ts'
import { solarize } from './solarize.ts'

describe('solarize', () => {
  it.each(goldenOperations('solarize'))('equals the golden $key, batched and single', (operation) => {
    const [images, expected] = [goldenInput(operation), goldenImage(operation.key)]
    expect(solarize().apply(images, [operation.threshold])).toBeAllClose(expected)
    expect(solarizeImage().apply(floatImage(images, 0), operation.threshold).data).toBeAllClose(expected)
  })

  it('inverts the threshold itself, also one that float32 does not hold', () => {
    const images = tensor4d([0.69, 0.7, 0.71], [1, 1, 1, 3])
    const expected = [0.69, 0.3, 0.29]
    expect(solarize().apply(images, [0.7])).toBeAllClose(expected, { absolute: 1e-6 })
    expect(solarizeImage().apply(floatImage(images, 0), 0.7).data).toBeAllClose(expected, { absolute: 1e-6 })
  })

  it('refuses impossible options', () => {
    expect(() => solarize({ threshold: 128 })).toThrow(/threshold/)
    expect(() => solarize({ probability: -0.1 })).toThrow(/probability/)
  })
})
