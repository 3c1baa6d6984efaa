import { RandomKey } from '@simclr/core'
import { expect, it } from 'vitest'
import { drawEach } from '../../draw/draw.ts'
import {
  colorJitter,
  compose,
  type DrawnColorJitter,
  defineImageAugmentation,
  type FloatImage,
  simclrAugmentation,
} from '../index.ts'
import { allocate, memoryBytes, withWorkingMemory } from './working-memory.ts'

const key = RandomKey.fromSeed(8)

function bytes(height: number, width: number) {
  const data = Uint8Array.from({ length: 3 * height * width }, (_, i) => (i * 37 + (i >> 7)) % 256)
  return { data, height, width }
}

it('grows for larger images, which then come out as in memory that was large before', () => {
  const augmentation = simclrAugmentation({ size: 70, crop: false })
  const images = [bytes(3, 4), bytes(70, 70), bytes(600, 500), bytes(3, 4)]
  const views = () =>
    images.map((image) => augmentation.apply(image, augmentation.sample(() => key, 1, image)[0]!).data)
  const before = memoryBytes().length
  const first = views()
  expect(memoryBytes().length).toBeGreaterThan(before)
  expect(views()).toEqual(first)
})

it('does not grow while images of one size come', () => {
  const augmentation = simclrAugmentation({ size: 40 })
  const image = bytes(50, 60)
  const drawn = augmentation.sample((i) => key.fold(i), 200, image)
  // The largest crop, with every operation.
  const box = { top: 0, left: 0, height: 50, width: 60 }
  const everything = drawn.map((steps, i) => [{ box, flipped: i % 2 === 0 }, ...steps.slice(1, -2), 2, null])
  augmentation.apply(image, everything[0]!)
  const grown = memoryBytes().length
  for (const steps of [...everything, ...drawn]) augmentation.apply(image, steps)
  expect(memoryBytes().length).toBe(grown)
})

it('is free again when an operation fails', () => {
  const start = () => withWorkingMemory(() => allocate(16))
  const before = start()
  const fail = () => {
    allocate(1000)
    throw new Error('no')
  }
  expect(() => withWorkingMemory(fail)).toThrow('no')
  expect(start()).toBe(before)
})

it('serves an augmentation that uses another one inside', () => {
  const jitter = colorJitter({ probability: 1 })
  const draw = drawEach('inside', () => jitter.sample(() => key.fold(1), 1, { height: 1, width: 1 })[0]!)
  const inside = defineImageAugmentation(draw, (image, drawn) => jitter.applyFloat(image, drawn))
  const outer = [jitter, inside, jitter]
  const image = { height: 9, width: 11, data: Float32Array.from({ length: 297 }, (_, i) => key.uniform(i)) }
  const drawn = compose(outer).sample(() => key, 1, image)[0]!
  const oneByOne = outer.reduce<FloatImage>(
    (view, step, i) => step.applyFloat(view, drawn[i] as DrawnColorJitter),
    image,
  )
  expect(compose(outer).applyFloat(image, drawn).data).toEqual(oneByOne.data)
})
