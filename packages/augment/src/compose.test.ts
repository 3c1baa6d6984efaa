import { RandomKey } from '@simclr/core'
import { describe, expect, it } from 'vitest'
import { goldenBatch } from './__fixtures__/golden.ts'
import { colorJitter } from './color-jitter.ts'
import { compose } from './compose.ts'
import type { DrawnCrop } from './draw/random-resized-crop.ts'
import { gaussianBlur } from './gaussian-blur.ts'
import { randomResizedCrop } from './random-resized-crop.ts'

const key = RandomKey.fromSeed(2)
const random = (i: number) => key.fold(i)
const size = { height: 32, width: 32 }

describe('compose', () => {
  const [crop, jitter, blur] = [randomResizedCrop({ size: 20 }), colorJitter(), gaussianBlur()]

  it('equals its parts one after the other', () => {
    const images = goldenBatch(4)
    const all = compose([crop, jitter, blur])
    const [first, second, third] = [crop, jitter, blur].map((one) => one.sample(random, 4, size))
    const expected = blur.apply(
      jitter.apply(crop.apply(images, first as never), second as never),
      third as never,
    )
    expect(all.apply(images, all.sample(random, 4, size))).toBeAllClose(expected)
  })

  it('draws the same for a part wherever it stands', () => {
    const jitterFirst = compose([jitter, blur]).sample(random, 4, size)
    const jitterSecond = compose([blur, jitter]).sample(random, 4, size)
    expect(jitterFirst.map((steps) => steps[0])).toEqual(jitterSecond.map((steps) => steps[1]))
  })

  it('draws independently for a part that comes twice', () => {
    for (const [first, second] of compose([jitter, jitter]).sample(random, 4, size)) {
      if (first !== null) expect(first).not.toEqual(second)
    }
  })

  it('draws for the size that reaches a part', () => {
    const larger = { height: 200, width: 100 }
    const tops = compose([crop, crop])
      .sample(random, 20, larger)
      .map(([, drawn]) => (drawn as DrawnCrop).box.top)
    expect(Math.max(...tops)).toBeLessThan(20)
  })
})
