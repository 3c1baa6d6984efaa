import { memory } from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { imageTensor } from './image-tensor.ts'

it('imageTensor scales bytes to [0, 1] and keeps their order, also from shared memory', () => {
  const images = new Uint8Array(new SharedArrayBuffer(12))
  images.set([0, 51, 102, 153, 204, 255, 255, 0, 0, 1, 2, 3])
  const batch = {
    images,
    count: 2,
    views: 1,
    height: 1,
    width: 2,
    labels: undefined,
    indices: Int32Array.of(0, 1),
  }
  const before = memory().numTensors
  const tensor = imageTensor(batch)
  expect(tensor.shape).toEqual([2, 1, 2, 3])
  expect(tensor.dtype).toBe('float32')
  expect(tensor).toBeAllClose([0, 0.2, 0.4, 0.6, 0.8, 1, 1, 0, 0, 1 / 255, 2 / 255, 3 / 255], {
    absolute: 1e-6,
  })
  tensor.dispose()
  expect(memory().numTensors).toBe(before)
})

it.each([
  ['a length that four does not divide', new Uint8Array(6), [1, 1, 2]],
  ['an odd place in its buffer', new Uint8Array(new ArrayBuffer(13), 1), [2, 1, 2]],
] as const)('takes bytes with %s', (_, images, [rows, height, width]) => {
  images.forEach((__, i) => {
    images[i] = 40 * i
  })
  const batch = {
    images,
    count: rows,
    views: 1,
    height,
    width,
    labels: undefined,
    indices: new Int32Array(rows),
  }
  const tensor = imageTensor(batch)
  expect(tensor.shape).toEqual([rows, height, width, 3])
  expect(tensor).toBeAllClose(
    Array.from(images, (byte) => byte / 255),
    { absolute: 1e-6 },
  )
  tensor.dispose()
})
