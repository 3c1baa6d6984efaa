import { RandomKey } from '@simclr/core'
import { max, min } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { goldenBatch } from './__fixtures__/golden.ts'
import type { DrawnColorJitter } from './draw/color-jitter.ts'
import type { DrawnCrop } from './draw/random-resized-crop.ts'
import { simclrAugmentation } from './simclr-augmentation.ts'

const key = RandomKey.fromSeed(8)
const random = (i: number) => key.fold(i)
const size = { height: 32, width: 32 }

describe('simclrAugmentation', () => {
  it('stays in [0, 1]', () => {
    const augmentation = simclrAugmentation({ size: 40 })
    const views = augmentation.apply(goldenBatch(32), augmentation.sample(random, 32, size))
    expect(min(views).dataSync()[0]).toBeGreaterThanOrEqual(0)
    expect(max(views).dataSync()[0]).toBeLessThanOrEqual(1)
  })

  it('blurs only above 32 pixels unless told', () => {
    const steps = (options: Parameters<typeof simclrAugmentation>[0]) =>
      simclrAugmentation(options).sample(random, 1, size)[0]!.length
    expect(steps({ size: 32 })).toBe(steps({ size: 224, blur: false }))
    expect(steps({ size: 224 })).toBe(steps({ size: 32, blur: true }))
    expect(steps({ size: 224 })).toBeGreaterThan(steps({ size: 32 }))
  })

  it('without crop draws the same flips and colours for images that a decoder has cut', () => {
    const whole = simclrAugmentation({ size: 32 }).sample(random, 20, size)
    const cut = simclrAugmentation({ size: 32, crop: false }).sample(random, 20, size)
    for (const [i, [crop, ...colours]] of whole.entries()) {
      expect(cut[i]).toEqual([(crop as DrawnCrop).flipped, ...colours])
    }
  })

  it.each([
    ['1/8', { strength: 1 / 8, blur: false }],
    ['1/4', { strength: 1 / 4, blur: false }],
    ['1/2', { strength: 1 / 2, blur: false }],
    ['1', { strength: 1, blur: false }],
    ['1 (+Blur)', { strength: 1, blur: true }],
  ])('has the colour strength %s of table 1', (_, options) => {
    const drawn = simclrAugmentation({ size: 224, ...options }).sample(random, 1000, size)
    const jitters = drawn.map(([, jitter]) => jitter as DrawnColorJitter | null).filter((one) => one !== null)
    for (const [part, middle, amount] of [
      ['brightness', 1, 0.8],
      ['contrast', 1, 0.8],
      ['saturation', 1, 0.8],
      ['hue', 0, 0.2],
    ] as const) {
      const largest = Math.max(...jitters.map((jitter) => Math.abs(jitter[part] - middle)))
      expect(largest / (amount * options.strength), part).toBeLessThanOrEqual(1)
      expect(largest / (amount * options.strength), part).toBeGreaterThan(0.98)
    }
    const blurred = drawn.filter((steps) => typeof steps[4] === 'number').length
    if (options.blur) expect(Math.abs(blurred - 500)).toBeLessThan(4 * Math.sqrt(250))
    else expect(blurred).toBe(0)
  })
})
