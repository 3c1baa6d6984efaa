import { RandomKey } from '@simclr/core'
import { concat, ones } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { goldenImage, goldenInput, goldenOperations } from './__fixtures__/golden.ts'
import { floatImage } from './__fixtures__/plain-images.ts'
import { cutout } from './cutout.ts'
import { cutout as cutoutImage } from './image/cutout.ts'

const key = RandomKey.fromSeed(9)

describe('cutout', () => {
  it.each(goldenOperations('cutout'))('equals the golden $key, batched and single', (operation) => {
    const drawn = { y: operation.center_y, x: operation.center_x, side: operation.size }
    const [images, expected] = [goldenInput(operation), goldenImage(operation.key)]
    expect(cutout().apply(images, [drawn])).toBeAllClose(expected)
    expect(cutoutImage().apply(floatImage(images, 0), drawn).data).toBeAllClose(expected)
  })

  it('gives each image its own square', () => {
    const image = goldenImage('img0.f32')
    const result = cutout().apply(concat([image, image, image]), [
      { y: 2, x: 29, side: 10 },
      null,
      { y: 31, x: 0, side: 9 },
    ])
    expect(result).toBeAllClose(
      concat(['img0.cutout.2_29_10', 'img0.f32', 'img0.cutout.31_0_9'].map(goldenImage)),
    )
  })

  it('draws centres evenly over the whole image, and half of the shorter side', () => {
    const size = { height: 4, width: 8 }
    const drawn = cutout().sample((i) => key.fold(i), 6400, size)
    const counts = new Array(32).fill(0)
    for (const one of drawn) {
      counts[one!.y * 8 + one!.x]++
      expect(one!.side).toBe(2)
    }
    const chiSquare = counts.reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0)
    expect(chiSquare).toBeLessThan(61.1) // 99.9 % at 31 degrees of freedom
  })

  it('leaves the image as it is at size 0 and blackens all of it where the square is larger', () => {
    expect(cutout().apply(ones([1, 4, 4, 3]), [{ y: 1, x: 1, side: 0 }])).toBeAllClose(ones([1, 4, 4, 3]))
    const black = cutout().apply(ones([1, 4, 4, 3]), [{ y: 2, x: 2, side: 40 }])
    expect(black).toBeAllClose(new Float32Array(48))
  })

  it('refuses impossible options', () => {
    expect(() => cutout({ size: 1.5 })).toThrow(/size: must be a number between 0 and 1/)
    expect(() => cutout({ probability: -1 })).toThrow(/probability/)
  })
})
