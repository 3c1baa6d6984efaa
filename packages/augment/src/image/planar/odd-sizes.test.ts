/** Images of any size agree with the batched entry: vectors and steps reach beyond the ends of rows and planes. */
import { RandomKey } from '@simclr/core'
import { type Tensor4D, tensor4d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { floatImage } from '../../__fixtures__/plain-images.ts'
import type { Augmentation } from '../../augmentation.ts'
import * as batched from '../../index.ts'
import type { ImageAugmentation } from '../image-augmentation.ts'
import * as single from '../index.ts'
import { allocate, memoryFloats, withWorkingMemory } from './working-memory.ts'

const all = { probability: 1 }
const blur = { probability: 1, kernel: 1, sigma: [0.4, 3] } as const
const crops = [1, 6, 17].flatMap((size) =>
  [false, true].map((antialias) => ({ size, antialias, flip: 0.5, sampler: 'paper' }) as const),
)
const pairs: [string, Augmentation, ImageAugmentation][] = [
  ...crops.map((options): [string, Augmentation, ImageAugmentation] => [
    `randomResizedCrop to ${options.size}, antialias ${options.antialias}`,
    batched.randomResizedCrop(options),
    single.randomResizedCrop(options),
  ]),
  ['centerCrop', batched.centerCrop({ size: 3 }), single.centerCrop({ size: 3 })],
  ['randomFlip', batched.randomFlip(all), single.randomFlip(all)],
  ['colorJitter', batched.colorJitter(all), single.colorJitter(all)],
  ['colorDrop', batched.colorDrop(all), single.colorDrop(all)],
  ['clip', batched.clip(), single.clip()],
  ['gaussianBlur', batched.gaussianBlur(blur), single.gaussianBlur(blur)],
  [
    'a crop in the middle',
    batched.compose([batched.colorJitter(all), batched.randomResizedCrop({ size: 5, flip: 1 })]),
    single.compose([single.colorJitter(all), single.randomResizedCrop({ size: 5, flip: 1 })]),
  ],
  [
    'floats between planes',
    batched.compose([batched.randomFlip(all), batched.cutout(), batched.colorJitter(all)]),
    single.compose([single.randomFlip(all), single.cutout(), single.colorJitter(all)]),
  ],
]

const key = RandomKey.fromSeed(5)

/** Values somewhat beyond [0, 1]. */
function noise(height: number, width: number): Tensor4D {
  const values = Float32Array.from({ length: 3 * height * width }, (_, i) => key.uniform(i, -0.1, 1.1))
  return tensor4d(values, [1, height, width, 3])
}

describe.each([
  [1, 1],
  [1, 7],
  [3, 5],
  [5, 4],
  [16, 1],
  [2, 33],
  [19, 18],
])('%i × %i pixels', (height, width) => {
  it.each(pairs)('%s', (_, batch, one) => {
    const images = noise(height, width)
    for (let view = 0; view < 4; view++) {
      const drawn = one.sample(() => key.fold(view), 1, { height, width })
      withWorkingMemory(() => {
        const room = 16 * (height + 64) * (width + 64)
        const address = allocate(4 * room)
        memoryFloats().fill(Number.NaN, address / 4) // what earlier images may leave
      })
      const expected = floatImage(batch.apply(images, drawn), 0)
      const result = one.applyFloat(floatImage(images, 0), drawn[0])
      expect(result).toMatchObject({ height: expected.height, width: expected.width })
      expect(result.data).toBeAllClose(expected.data, { absolute: 1e-5 })
    }
  })
})
