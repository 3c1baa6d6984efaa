import { RandomKey } from '@simclr/core'
import { describe, expect, it } from 'vitest'
import { collect } from './__fixtures__/collect.ts'
import type { BatchOptions, Dataset } from './dataset.ts'
import { memoryDataset } from './memory-dataset.ts'
import { sampleImages } from './sample-images.ts'

const imageSize = { height: 2, width: 1 }

/** Ten training images whose six bytes are all their number; three test images from 100. */
function numbered(): Dataset {
  const split = (count: number, first: number) => ({
    images: Uint8Array.from({ length: count * 6 }, (_, i) => first + Math.floor(i / 6)),
    labels: Int32Array.from({ length: count }, (_, i) => i % 2),
  })
  return memoryDataset({
    name: 'numbered',
    imageSize,
    classes: ['even', 'odd'],
    train: split(10, 0),
    test: split(3, 100),
  })
}

/** The image numbers in the order in which they came. */
async function order(dataset: Dataset, options: BatchOptions): Promise<number[]> {
  return (await collect(dataset.batches(options))).flatMap(({ indices }) => [...indices])
}

describe('memoryDataset', () => {
  it('gives images, labels and indices in file order', async () => {
    const batches = await collect(numbered().batches({ batchSize: 4 }))
    expect(batches.map(({ count }) => count)).toEqual([4, 4, 2])
    expect(batches[2]).toEqual({
      images: Uint8Array.from([8, 8, 8, 8, 8, 8, 9, 9, 9, 9, 9, 9]),
      count: 2,
      views: 1,
      height: 2,
      width: 1,
      labels: Int32Array.from([0, 1]),
      indices: Int32Array.from([8, 9]),
    })
  })

  it('leaves out a remainder on demand', async () => {
    expect(await order(numbered(), { batchSize: 4, dropRemainder: true })).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  it('orders by the key alone, whatever the batch size, and keeps images with their indices', async () => {
    const shuffle = RandomKey.fromSeed(3)
    const first = await order(numbered(), { batchSize: 4, shuffle })
    expect(await order(numbered(), { batchSize: 3, shuffle })).toEqual(first)
    expect(await order(numbered(), { batchSize: 4, shuffle: shuffle.fold(1) })).not.toEqual(first)
    expect(first.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    for (const { images, indices, labels } of await collect(numbered().batches({ batchSize: 4, shuffle }))) {
      expect([...indices]).toEqual([...images].filter((_, i) => i % 6 === 0))
      expect([...labels!]).toEqual([...indices].map((index) => index % 2))
    }
  })

  it('keeps the numbers of the whole split in subsets of subsets', async () => {
    const subset = numbered().subset([9, 2, 7, 4]).subset([2, 0])
    expect(subset.length).toBe(2)
    expect(subset.labels).toEqual(Int32Array.from([1, 1]))
    expect(await order(subset, { batchSize: 8 })).toEqual([7, 9])
  })

  it('gives whole splits, also from a subset', async () => {
    const test = numbered().subset([1]).split('test')
    expect(test.length).toBe(3)
    expect((await collect(test.batches({ batchSize: 3 })))[0]!.images[0]).toBe(100)
    expect(test.split('train').length).toBe(10)
  })

  it('gives the first images, or all', async () => {
    const [three, five] = [3, 5].map((count) => order(sampleImages(numbered(), count), { batchSize: 8 }))
    expect(await five).toEqual(expect.arrayContaining(await three!))
    expect(await three).toEqual([...(await three!)].sort((a, b) => a - b))
    expect([(await three!).length, (await five!).length]).toEqual([3, 5])
    expect(sampleImages(numbered(), 99).length).toBe(10)
  })

  it('can be unlabelled and without a test split', async () => {
    const dataset = memoryDataset({ name: 'plain', imageSize, train: { images: new Uint8Array(12) } })
    expect(dataset.labels).toBeUndefined()
    expect((await collect(dataset.batches({ batchSize: 2 })))[0]!.labels).toBeUndefined()
    expect(dataset.subset([1]).labels).toBeUndefined()
    expect(() => dataset.split('test')).toThrow(
      'plain: split: must be a split that the dataset has (train), got "test"',
    )
  })
})

describe('memoryDataset refuses', () => {
  it.each<[string, BatchOptions]>([
    ['batchSize: must be a whole number of at least 1, got 0', { batchSize: 0 }],
    ['views: must be a whole number of at least 1, got 0.5', { batchSize: 1, views: 0.5 }],
    ['got 2 views', { batchSize: 1, views: 2 }],
    ['got a crop function', { batchSize: 1, crop: () => ({ top: 0, left: 0, height: 1, width: 1 }) }],
    ['size: must be absent or that of the images, 2 × 1, got 8', { batchSize: 1, size: 8 }],
  ])('%s', async (message, options) => {
    await expect(collect(numbered().batches(options))).rejects.toThrow(message)
  })

  it('positions that do not exist', () => {
    expect(() => numbered().subset([0, 10])).toThrow('must be whole numbers from 0 to 9, got 10')
    expect(() => numbered().subset([])).toThrow('number of positions of a subset')
  })

  it.each([
    [{ images: new Uint8Array(13) }, 'must be a positive multiple of 6 bytes (height · width · 3), got 13'],
    [{ images: new Uint8Array(0) }, 'got 0 bytes'],
    [{ images: new Uint8Array(12), labels: new Int32Array(3) }, 'must be one per image, 2, got 3'],
    [
      { images: new Uint8Array(6), labels: Int32Array.of(2) },
      'must be numbers of the 2 classes, from 0, got 2',
    ],
  ])('arrays that do not agree: %#', (train, message) => {
    expect(() => memoryDataset({ name: 'wrong', imageSize, classes: ['a', 'b'], train })).toThrow(message)
  })
})
