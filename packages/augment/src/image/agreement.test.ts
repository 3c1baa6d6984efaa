/** Every augmentation of single images agrees with the batched one of its name; a new augmentation adds a row. */
import { RandomKey } from '@simclr/core'
import { concat, mul, reverse, sub, type Tensor4D } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { goldenImage } from '../__fixtures__/golden.ts'
import { floatImage, rgbaImage, rgbImage } from '../__fixtures__/plain-images.ts'
import type { Augmentation } from '../augmentation.ts'
import * as batched from '../index.ts'
import type { ImageAugmentation } from './image-augmentation.ts'
import * as single from './index.ts'

const paper = { size: 50, sampler: 'paper', interpolation: 'bilinear' } as const
const small = { size: 9, flip: 1, antialias: true } as const
const additive = { brightness: 'additive', strength: 0.5, probability: 1 } as const
const wide = { probability: 1, kernel: 1, sigma: [3, 9] } as const
const half = { probability: 0.5 }
const noisy = { sigma: [0.1, 0.2] } as const
const blurred = { size: 24, blur: true } as const

const pairs: [string, Augmentation, ImageAugmentation][] = [
  ['randomFlip', batched.randomFlip(), single.randomFlip()],
  ['randomResizedCrop', batched.randomResizedCrop({ size: 24 }), single.randomResizedCrop({ size: 24 })],
  ['randomResizedCrop, paper', batched.randomResizedCrop(paper), single.randomResizedCrop(paper)],
  ['randomResizedCrop, antialias', batched.randomResizedCrop(small), single.randomResizedCrop(small)],
  ['centerCrop', batched.centerCrop({ size: 20 }), single.centerCrop({ size: 20 })],
  ['colorJitter', batched.colorJitter(), single.colorJitter()],
  ['colorJitter, additive', batched.colorJitter(additive), single.colorJitter(additive)],
  ['colorDrop', batched.colorDrop(half), single.colorDrop(half)],
  ['gaussianBlur', batched.gaussianBlur(), single.gaussianBlur()],
  ['gaussianBlur, wide', batched.gaussianBlur(wide), single.gaussianBlur(wide)],
  ['clip', batched.clip(), single.clip()],
  [
    'randomRotation',
    batched.randomRotation({ degrees: [0, 180] }),
    single.randomRotation({ degrees: [0, 180] }),
  ],
  ['cutout', batched.cutout(), single.cutout()],
  ['gaussianNoise', batched.gaussianNoise(noisy), single.gaussianNoise(noisy)],
  ['sobel', batched.sobel(), single.sobel()],
  ['solarize', batched.solarize(half), single.solarize(half)],
  ['autoAugment', batched.autoAugment(), single.autoAugment()],
  ['randAugment', batched.randAugment({ operations: 4 }), single.randAugment({ operations: 4 })],
  [
    'compose',
    batched.compose([batched.gaussianBlur(), batched.colorDrop(), batched.gaussianBlur()]),
    single.compose([single.gaussianBlur(), single.colorDrop(), single.gaussianBlur()]),
  ],
  [
    'randomApply',
    batched.randomApply(batched.colorJitter(), half),
    single.randomApply(single.colorJitter(), half),
  ],
  ['simclrAugmentation', batched.simclrAugmentation(blurred), single.simclrAugmentation(blurred)],
]

/** The larger golden image, its mirror image, and one with values outside [0, 1], as bicubic crops leave them. */
const [height, width] = [48, 64]
const image = goldenImage('img1.f32')
const images = concat<Tensor4D>([image, reverse(image, 1), sub(mul(image, 1.2), 0.1), image, image])
const count = images.shape[0]
const key = RandomKey.fromSeed(12)

describe.each(pairs)('%s', (_, batch, one) => {
  const drawn = batch.sample((i) => key.fold(i), count, { height, width })
  const expected = batch.apply(images, drawn)

  it('draws the same', () => {
    for (let i = 0; i < count; i++) {
      expect(one.sample(() => key.fold(i), 1, { height, width })).toEqual([drawn[i]])
    }
  })

  it('gives the same view of floats, also from parameters written as JSON', () => {
    const replayed: unknown[] = JSON.parse(JSON.stringify(drawn))
    for (let i = 0; i < count; i++) {
      const view = one.apply(floatImage(images, i), replayed[i])
      expect({ height: view.height, width: view.width }).toEqual(one.outputSize({ height, width }))
      expect(view.data).toBeInstanceOf(Float32Array)
      expect(view.data).toBeAllClose(floatImage(expected, i).data, { absolute: 1e-5 })
    }
  })

  it('gives bytes for bytes, rounded and clipped, alpha opaque', () => {
    for (const [make, channels, kind] of [
      [rgbaImage, 4, Uint8ClampedArray],
      [rgbImage, 3, Uint8Array],
    ] as const) {
      const bytes = make(images, 0)
      const floats = { ...bytes, data: Float32Array.from(rgbImage(images, 0).data, (byte) => byte / 255) }
      const wanted = one.apply(floats, drawn[0]).data
      const view = one.apply(bytes, drawn[0])
      expect(view.data).toBeInstanceOf(kind)
      expect(view.data.length).toBe(view.height * view.width * channels)
      const colours = view.data.filter((_, j) => j % channels < 3)
      const exact = wanted.map((value) => 255 * Math.min(Math.max(value, 0), 1))
      expect(colours).toBeAllClose(exact, { absolute: 0.5 + 1e-4 }) // halves go either way
      if (channels === 4) expect(view.data.filter((_, j) => j % 4 === 3).every((a) => a === 255)).toBe(true)
    }
  })

  it('leaves its argument as it is and gives new memory', () => {
    for (let i = 0; i < count; i++) {
      for (const make of [floatImage, rgbaImage]) {
        const argument = make(images, i)
        const view = one.apply(argument, drawn[i])
        expect(view.data.buffer).not.toBe(argument.data.buffer)
        expect(argument.data).toEqual(make(images, i).data)
      }
    }
  })
})

it('randomResizedCrop and centerCrop refuse parameters of a larger image', () => {
  const image = floatImage(goldenImage('img0.f32'), 0)
  const box = { top: 0, left: 0, height: 33, width: 32 }
  expect(() => single.randomResizedCrop({ size: 8 }).apply(image, { box, flipped: false })).toThrow(
    /inside an image/,
  )
  expect(() => single.centerCrop({ size: 8 }).apply(image, box)).toThrow(/inside an image of 32 × 32/)
})
