import { RandomKey } from '@simclr/core'
import { concat, tensor4d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { goldenImage, goldenInput, goldenOperations } from './__fixtures__/golden.ts'
import { floatImage } from './__fixtures__/plain-images.ts'
import type { QuarterTurn } from './draw/random-rotation.ts'
import { randomRotation as rotateImage } from './image/random-rotation.ts'
import { randomRotation } from './random-rotation.ts'

const turns = [0, 90, 180, 270] as const
const key = RandomKey.fromSeed(4)
const square = { height: 8, width: 8 }

describe('randomRotation', () => {
  it.each(goldenOperations('rotate_ccw'))('equals the golden $key, batched and single', (operation) => {
    const degrees = operation.degrees as QuarterTurn
    const [images, expected] = [goldenInput(operation), goldenImage(operation.key)]
    expect(randomRotation().apply(images, [degrees])).toBeAllClose(expected)
    expect(rotateImage().apply(floatImage(images, 0), degrees).data).toBeAllClose(expected)
  })

  it('turns each image of a batch by its own degrees', () => {
    const image = goldenImage('img0.f32')
    const turned = randomRotation().apply(concat([image, image, image, image]), [270, 0, 90, 180])
    const names = ['img0.rotate270', 'img0.f32', 'img0.rotate90', 'img0.rotate180']
    expect(turned).toBeAllClose(concat(names.map(goldenImage)))
  })

  it('turns by 180° what is not square', () => {
    const wide = tensor4d([1, 1, 1, 2, 2, 2], [1, 1, 2, 3])
    expect(randomRotation().apply(wide, [180])).toBeAllClose([2, 2, 2, 1, 1, 1])
    expect(rotateImage().apply(floatImage(wide, 0), 180).data).toBeAllClose([2, 2, 2, 1, 1, 1])
  })

  it('draws every turn equally often', () => {
    const drawn = randomRotation().sample((i) => key.fold(i), 4000, square)
    for (const turn of turns) {
      const count = drawn.filter((degrees) => degrees === turn).length
      expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt(4000 * 0.25 * 0.75))
    }
  })

  it('refuses turns that images cannot take', () => {
    expect(() => randomRotation({ degrees: [] })).toThrow(/degrees/)
    expect(() => randomRotation({ degrees: [45 as 90] })).toThrow(
      /degrees: must be a list of 0, 90, 180 or 270/,
    )
    const wide = { height: 4, width: 8 }
    expect(() => randomRotation().sample((i) => key.fold(i), 1, wide)).toThrow(/square/)
    expect(() => randomRotation().apply(tensor4d([1, 1, 1, 2, 2, 2], [1, 1, 2, 3]), [90])).toThrow(/square/)
    expect(randomRotation({ degrees: [0, 180] }).sample((i) => key.fold(i), 50, wide)).toContain(180)
  })
})
