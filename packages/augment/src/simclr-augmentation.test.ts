import { RandomKey } from '@simclr/core'
import { max, min } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { goldenBatch } from './__fixtures__/golden.ts'
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
})
