import { memoryDataset } from '@simclr/data'
import { memory } from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { transferImages } from './transfer-images.ts'

/** One image of 2 × 4 pixels, all of one grey but for its outer columns. */
const wide = memoryDataset({
  name: 'wide',
  imageSize: { height: 2, width: 4 },
  classes: ['a'],
  train: {
    images: Uint8Array.from([0, 1].flatMap(() => [255, 90, 90, 255].flatMap((grey) => [grey, grey, grey]))),
    labels: Int32Array.of(0),
  },
})

it('scales the middle square of images of a fixed size, and nothing else', async () => {
  const resized = transferImages(wide, 6)
  expect(resized.imageSize).toEqual({ height: 6, width: 6 })
  for await (const batch of resized.batches({ batchSize: 1 })) {
    expect(batch).toMatchObject({ height: 6, width: 6, count: 1, labels: Int32Array.of(0) })
    expect(batch.images).toEqual(new Uint8Array(6 * 6 * 3).fill(90))
  }
})

it('leaves images alone that have the size', () => {
  const square = transferImages(wide, 2)
  expect(transferImages(square, 2)).toBe(square)
})

it('frees what it makes on the engine', async () => {
  const before = memory().numTensors
  for await (const _ of transferImages(wide, 6).batches({ batchSize: 1 }));
  expect(memory().numTensors).toBe(before)
})

it('gives only the numbers of images where only those are asked for', async () => {
  for await (const { indices } of transferImages(wide, 6).batches({ batchSize: 1, indicesOnly: true })) {
    expect(indices).toEqual(Int32Array.of(0))
  }
})
