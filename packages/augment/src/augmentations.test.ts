/** Laws that every augmentation keeps; a new augmentation adds a row. */
import { RandomKey, SimclrError } from '@simclr/core'
import { abs, gather, max, sub, type Tensor4D, tensor4d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { fromPlanar, goldenBatch, goldenImage, toPlanar } from './__fixtures__/golden.ts'
import type { Augmentation } from './augmentation.ts'
import { autoAugment } from './auto-augment.ts'
import { centerCrop } from './center-crop.ts'
import { clip } from './clip.ts'
import { colorDrop } from './color-drop.ts'
import { colorJitter } from './color-jitter.ts'
import { cutout } from './cutout.ts'
import type { RandomOf } from './draw/draw.ts'
import { gaussianBlur } from './gaussian-blur.ts'
import { gaussianNoise } from './gaussian-noise.ts'
import { randAugment } from './rand-augment.ts'
import { randomApply } from './random-apply.ts'
import { randomFlip } from './random-flip.ts'
import { randomResizedCrop } from './random-resized-crop.ts'
import { randomRotation } from './random-rotation.ts'
import { simclrAugmentation } from './simclr-augmentation.ts'
import { sobel } from './sobel.ts'
import { solarize } from './solarize.ts'

const augmentations: [string, Augmentation][] = [
  ['randomResizedCrop', randomResizedCrop({ size: 24, flip: 0.5 })],
  ['randomResizedCrop, paper', randomResizedCrop({ size: 24, sampler: 'paper', antialias: true })],
  ['randomFlip', randomFlip()],
  ['colorJitter', colorJitter()],
  ['colorJitter, additive', colorJitter({ brightness: 'additive' })],
  ['colorDrop', colorDrop()],
  ['gaussianBlur', gaussianBlur()],
  ['centerCrop', centerCrop({ size: 24 })],
  ['clip', clip()],
  ['randomRotation', randomRotation()],
  ['cutout', cutout()],
  ['gaussianNoise', gaussianNoise()],
  ['sobel', sobel({ probability: 0.5 })],
  ['solarize', solarize({ probability: 0.5 })],
  ['autoAugment', autoAugment()],
  ['randAugment', randAugment()],
  ['randomApply', randomApply(gaussianBlur({ probability: 1 }), { probability: 0.5 })],
  ['simclrAugmentation', simclrAugmentation({ size: 24, blur: true })],
  ['simclrAugmentation, CIFAR', simclrAugmentation({ size: 32, strength: 0.5 })],
  ['simclrAugmentation, decoder crops', simclrAugmentation({ size: 32, crop: false })],
]

/** Augmentations that leave some images as they are, and whether a drawn entry says so. */
const partial: [string, Augmentation][] = [
  ['randomFlip', randomFlip()],
  ['colorJitter', colorJitter()],
  ['colorDrop', colorDrop()],
  ['gaussianBlur', gaussianBlur()],
  ['cutout', cutout({ probability: 0.5 })],
  ['gaussianNoise', gaussianNoise({ probability: 0.5 })],
  ['sobel', sobel({ probability: 0.5 })],
  ['solarize', solarize({ probability: 0.5 })],
]

const size = { height: 32, width: 32 }
const images = goldenBatch(9)
const key = RandomKey.fromSeed(5)
const random: RandomOf = (i) => key.fold(i)
const pick = (batch: Tensor4D, rows: number[]): Tensor4D => gather(batch, rows)

describe.each(augmentations)('%s', (_, augmentation) => {
  const drawn = augmentation.sample(random, 9, size)

  it('gives an image the same view in any batch', () => {
    const rows = [7, 2, 5]
    const among = augmentation.sample((i) => random(rows[i]!), 3, size)
    const expected = pick(augmentation.apply(images, drawn), rows)
    expect(augmentation.apply(pick(images, rows), among)).toBeAllClose(expected, { absolute: 1e-6 })
  })

  it('replays a view from its parameters written as JSON', () => {
    const replayed = augmentation.apply(images, JSON.parse(JSON.stringify(drawn)))
    expect(replayed).toBeAllClose(augmentation.apply(images, drawn))
  })

  it('does the same to planar images, and announces its size', () => {
    const expected = augmentation.apply(images, drawn)
    const { height, width } = augmentation.outputSize(size)
    expect(expected.shape).toEqual([9, height, width, 3])
    expect(fromPlanar(augmentation.applyPlanar(toPlanar(images), drawn))).toBeAllClose(expected)
  })

  it('leaks no tensors and keeps its argument', () => {
    expect(() => augmentation.apply(images, drawn).dispose()).toLeakNoTensors()
    expect(images.isDisposed).toBe(false)
  })

  it('takes a batch of one', () => {
    const one = augmentation.apply(pick(images, [0]), augmentation.sample(random, 1, size))
    expect(one.shape[0]).toBe(1)
  })

  it('refuses images that are not RGB or not float32', () => {
    expect(() => augmentation.apply(tensor4d([1, 2], [1, 1, 1, 2]), drawn)).toThrow(SimclrError)
    expect(() => augmentation.apply(tensor4d([1, 2, 3], [1, 1, 1, 3], 'int32'), drawn)).toThrow(/divide/)
  })
})

describe.each(partial)('%s', (_, augmentation) => {
  it('leaves the other images as they are, bit for bit, and changes the drawn ones', () => {
    const drawn = augmentation.sample(random, 9, size)
    const changed = drawn.map((one) => one !== null && one !== false)
    expect(new Set(changed).size, 'the seed draws both').toBe(2)
    const result = augmentation.apply(images, drawn)
    for (const [i, change] of changed.entries()) {
      const difference = max(abs(sub(pick(result, [i]), pick(images, [i])))).dataSync()[0]!
      expect(difference > 0, `image ${i}`).toBe(change)
    }
  })

  it('refuses parameters of another batch', () => {
    const drawn = augmentation.sample(random, 4, size)
    expect(() => augmentation.apply(images, drawn)).toThrow(/drawn for 9 images/)
  })
})

it('randomFlip equals the official flip', () => {
  expect(randomFlip().apply(goldenImage('img0.f32'), [true])).toBeAllClose(goldenImage('img0.flip'))
})

it.each(['img0', 'img1'])('colorDrop equals the official to_grayscale on %s', (image) => {
  const grey = colorDrop().apply(goldenImage(`${image}.f32`), [true])
  expect(grey).toBeAllClose(goldenImage(`${image}.grayscale`), { absolute: 1e-6 })
})

it.each([
  ['randomFlip', randomFlip(), 0.5],
  ['colorDrop', colorDrop(), 0.2],
  ['gaussianBlur', gaussianBlur(), 0.5],
  ['cutout', cutout({ probability: 0.3 }), 0.3],
  ['gaussianNoise', gaussianNoise({ probability: 0.3 }), 0.3],
  ['solarize', solarize(), 0.2],
] as [string, Augmentation, number][])('%s changes its share of images', (_, one, share) => {
  const changed = one.sample(random, 4000, size).filter((drawn) => drawn !== null && drawn !== false)
  expect(Math.abs(changed.length - 4000 * share)).toBeLessThan(4 * Math.sqrt(4000 * share * (1 - share)))
})

it.each([
  () => randomFlip({ probability: -1 }),
  () => colorDrop({ probability: 1.5 }),
  () => randomApply(clip(), { probability: Number.NaN }),
])('%s refuses an impossible probability', (make) => {
  expect(make).toThrow(/probability: must be a number between 0 and 1/)
})
