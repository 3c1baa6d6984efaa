import { readGoldenArrays } from '@simclr/tools/testing'
import { div, ones, slice, type Tensor4D, tensor4d, tile } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { fromPlanar, goldenImage, toPlanar } from './__fixtures__/golden.ts'
import { floatImage } from './__fixtures__/plain-images.ts'
import { applySteps } from './apply-steps.ts'
import type { Step, StepOperation } from './draw/step.ts'
import { applySteps as applyToImage } from './image/apply-steps.ts'

/** Results of torchvision's functional operations on a Pillow image; the keys are operation and value. */
const pillow = readGoldenArrays(new URL('./__fixtures__/byte-operations.safetensors', import.meta.url))
const { shape } = pillow.get('image')!
const [height, width] = shape as [number, number]
const image = image4d('image')

function image4d(key: string): Tensor4D {
  return div(tensor4d(Float32Array.from(pillow.get(key)!.values), [1, height, width, 3]), 255)
}

function applyOne(images: Tensor4D, ...steps: Step[]): Tensor4D {
  return fromPlanar(applySteps(toPlanar(images), [steps]))
}

function expectBoth(steps: Step[], expected: Tensor4D) {
  expect(applyOne(image, ...steps)).toBeAllClose(expected, { absolute: 1e-6 })
  expect(applyToImage(floatImage(image, 0), steps).data).toBeAllClose(expected, { absolute: 1e-6 })
}

const cases = Array.from(pillow.keys())
  .filter((key) => key !== 'image')
  .map((key) => key.split(' ') as [StepOperation, string])

describe('operations on bytes', () => {
  it.each(cases)('%s %s equals Pillow byte for byte, batched and single', (operation, value) => {
    expectBoth([{ operation, value: Number(value) }], image4d(`${operation} ${value}`))
  })

  it('solarizeAdd adds to the dark half only', () => {
    const dark = tensor4d(
      [0, 100, 127, 128, 200, 255].flatMap((x) => [x / 255, x / 255, x / 255]),
      [1, 1, 6, 3],
    )
    const expected = [110, 210, 237, 128, 200, 255].flatMap((x) => [x / 255, x / 255, x / 255])
    expect(applyOne(dark, { operation: 'solarizeAdd', value: 110 })).toBeAllClose(expected, {
      absolute: 1e-6,
    })
    const [bright] = applyOne(dark, { operation: 'solarizeAdd', value: 250 }).dataSync()
    expect(bright).toBeCloseTo(250 / 255)
  })

  it.each(['autocontrast', 'equalize'] as const)('%s leaves a flat image as it is', (operation) => {
    const flat = div(ones([1, 20, 20, 3]), 5) as Tensor4D
    expect(applyOne(flat, { operation, value: 0 })).toBeAllClose(flat)
    expect(applyToImage(floatImage(flat, 0), [{ operation, value: 0 }]).data).toBeAllClose(flat)
  })

  it('sharpness leaves images without an inside as they are', () => {
    const thin = div(tensor4d([1, 2, 3, 4, 5, 6], [1, 1, 2, 3]), 255) as Tensor4D
    expect(applyOne(thin, { operation: 'sharpness', value: 1.9 })).toBeAllClose(thin)
    const single = applyToImage(floatImage(thin, 0), [{ operation: 'sharpness', value: 1.9 }])
    expect(single.data).toBeAllClose(thin)
  })
})

describe('applySteps', () => {
  it('takes the steps of each image in its own order', () => {
    const images = toPlanar(goldenImage('img0.f32'))
    const lists: Step[][] = [
      [],
      [
        { operation: 'equalize', value: 0 },
        { operation: 'rotate', value: 20 },
      ],
      [
        { operation: 'rotate', value: 20 },
        { operation: 'equalize', value: 0 },
        { operation: 'invert', value: 0 },
      ],
      [{ operation: 'invert', value: 0 }],
    ]
    const batch = applySteps(tile(images, [lists.length, 1, 1, 1]), lists)
    for (const [i, steps] of lists.entries()) {
      const alone = applySteps(images, [steps])
      expect(slice(batch, i, 1)).toBeAllClose(alone)
    }
  })

  it('rounds images with steps to bytes, and only those', () => {
    const odd = toPlanar(tensor4d([0.5003, -0.2, 1.2], [1, 1, 1, 3]))
    expect(applySteps(odd, [[]])).toBeAllClose(odd)
    const twice = [
      { operation: 'invert', value: 0 },
      { operation: 'invert', value: 0 },
    ] as const
    expect(applySteps(odd, [twice])).toBeAllClose([128 / 255, 0, 1], { absolute: 1e-6 })
  })
})
