import { RandomKey, SimclrError } from '@simclr/core'
import { describe, expect, it } from 'vitest'
import { augmentBatch } from './augment-batch.ts'
import { gaussianNoise } from './gaussian-noise.ts'
import { randomFlip } from './random-flip.ts'
import { simclrAugmentation } from './simclr-augmentation.ts'

const [count, height, width] = [3, 13, 10]
const shared = new Uint8Array(new SharedArrayBuffer(count * height * width * 3))
shared.forEach((_, i) => {
  shared[i] = (i * 91 + (i >> 5)) % 256
})
const images = { data: shared, count, height, width }
const imageOf = (i: number) => ({
  data: shared.slice(i * height * width * 3, (i + 1) * height * width * 3),
  height,
  width,
})
const key = RandomKey.fromSeed(2)
const augmentation = simclrAugmentation({ size: 9, blur: true })
const source = [0, 1, 2, 0, 1, 2, 1]
const drawn = augmentation.sample((row) => key.fold(row), source.length, images)
const length = 9 * 9 * 3

describe('augmentBatch', () => {
  it('gives what the augmentation gives for each image alone', () => {
    const views = augmentBatch(augmentation, images, drawn, { source })
    expect(views).toHaveLength(source.length * length)
    source.forEach((i, row) => {
      const image = imageOf(i)
      const floats = { ...image, data: Float32Array.from(image.data, (byte) => byte / 255) }
      const view = augmentation.applyFloat(floats, drawn[row]!)
      expect(views.subarray(row * length, (row + 1) * length)).toBeAllClose(view.data, { absolute: 1e-6 })
    })
  })

  it('takes images from a function, of several sizes and kinds', () => {
    const views = augmentBatch(augmentation, images, drawn, { source })
    expect(augmentBatch(augmentation, imageOf, drawn, { source })).toEqual(views)
    const sizes = [4, 31].map((side) => ({
      data: new Uint8ClampedArray(side * side * 4).fill(side),
      height: side,
      width: side,
    }))
    const some = sizes.map((size, i) => augmentation.sample(() => key.fold(i), 1, size)[0]!)
    expect(augmentBatch(augmentation, (i) => sizes[i]!, some)).toHaveLength(2 * length)
  })

  it('writes to memory that is given', () => {
    const output = new Float32Array(new SharedArrayBuffer(4 * source.length * length))
    expect(augmentBatch(augmentation, images, drawn, { source, output })).toBe(output)
    expect(output).toEqual(augmentBatch(augmentation, images, drawn, { source }))
  })

  it('converts bytes where nothing changes, and views of operations without planes', () => {
    const kept = augmentBatch(randomFlip(), images, [false, false, false])
    expect(kept).toBeAllClose(
      Float32Array.from(shared, (byte) => byte / 255),
      { absolute: 6e-8 },
    )
    const noise = augmentBatch(gaussianNoise(), images, [{ sigma: 0, seed: 1 }, null], { source: [2, 2] })
    expect(noise.subarray(0, noise.length / 2)).toEqual(noise.subarray(noise.length / 2))
  })

  it('gives nothing for nothing', () => {
    expect(augmentBatch(augmentation, images, [])).toHaveLength(0)
  })

  it.each([
    [
      'too many rows',
      () => augmentBatch(augmentation, images, drawn),
      /source: must be .* from 0 to 2, got 3/,
    ],
    [
      'too few sources',
      () => augmentBatch(augmentation, images, drawn, { source: [0] }),
      /source: .*7 numbers/,
    ],
    [
      'too few bytes',
      () => augmentBatch(augmentation, { ...images, count: 4 }, drawn, { source }),
      /data of the images: must be 1560 numbers, got 1170/,
    ],
    [
      'a short output',
      () => augmentBatch(augmentation, images, drawn, { source, output: new Float32Array(3) }),
      /output: must be 1701 numbers, got 3/,
    ],
    [
      'views of several sizes',
      () =>
        augmentBatch(randomFlip(), (i) => ({ data: new Uint8Array(3 * i + 3), height: 1, width: i + 1 }), [
          true,
          false,
        ]),
      /size of the views/,
    ],
    [
      'images without pixels',
      () => augmentBatch(randomFlip(), () => ({ data: new Uint8Array(0), height: 0, width: 1 }), [true]),
      /augmentBatch: height of the image/,
    ],
  ])('refuses %s', (_, run, message) => {
    expect(run).toThrow(SimclrError)
    expect(run).toThrow(message)
  })
})
