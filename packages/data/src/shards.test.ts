import { RandomKey } from '@simclr/core'
import { describe, expect, it } from 'vitest'
import { collect } from './__fixtures__/collect.ts'
import type { BatchOptions, Dataset, ImageBatch } from './dataset.ts'
import { memoryDataset } from './memory-dataset.ts'
import { sourceDataset } from './source-dataset.ts'

/** Images of one pixel, whose bytes are their number. */
function numbered(count: number): Dataset {
  const images = Uint8Array.from({ length: count * 3 }, (_, i) => Math.floor(i / 3))
  const labels = Int32Array.from({ length: count }, (_, i) => i % 4)
  const imageSize = { height: 1, width: 1 }
  return memoryDataset({
    name: 'numbered',
    imageSize,
    classes: ['a', 'b', 'c', 'd'],
    train: { images, labels },
  })
}

async function allRanks(dataset: Dataset, size: number, options: BatchOptions): Promise<ImageBatch[][]> {
  const ranks = Array.from({ length: size }, (_, rank) => rank)
  return Promise.all(ranks.map((rank) => collect(dataset.batches({ ...options, shard: { rank, size } }))))
}

const values = (batch: ImageBatch) => ({
  images: [...batch.images],
  indices: [...batch.indices],
  labels: [...batch.labels!],
  count: batch.count,
})

/** The parts of one batch, joined in the order of ranks. */
function joined(parts: readonly ImageBatch[]): ReturnType<typeof values> {
  const each = parts.map(values)
  return {
    images: each.flatMap(({ images }) => images),
    indices: each.flatMap(({ indices }) => indices),
    labels: each.flatMap(({ labels }) => labels),
    count: each.reduce((sum, { count }) => sum + count, 0),
  }
}

describe('shards', () => {
  const shuffle = RandomKey.fromSeed(11)
  it.each([
    { count: 64, size: 4, batchSize: 16 },
    { count: 61, size: 4, batchSize: 16 },
    { count: 66, size: 4, batchSize: 16 },
    { count: 65, size: 4, batchSize: 16 },
    { count: 3, size: 4, batchSize: 16 },
    { count: 50, size: 3, batchSize: 8 },
    { count: 10, size: 1, batchSize: 4 },
    { count: 9, size: 5, batchSize: 5 },
  ])('join to the batches of one process: %o', async ({ count, size, batchSize }) => {
    const dataset = numbered(count)
    const variants: Partial<BatchOptions>[] = [{}, { shuffle }, { shuffle, dropRemainder: true }]
    for (const options of variants.map((variant) => ({ ...variant, batchSize }))) {
      const whole = await collect(dataset.batches(options))
      const ranks = await allRanks(dataset, size, options)
      expect(ranks.map(({ length }) => length)).toEqual(Array(size).fill(whole.length))
      for (const [step, batch] of whole.entries()) {
        const parts = ranks.map((batches) => batches[step]!)
        expect(joined(parts)).toEqual(values(batch))
        const counts = parts.map((part) => part.count)
        expect(counts).toEqual(counts.toSorted((a, b) => b - a))
        expect(counts[0]! - counts.at(-1)!).toBeLessThanOrEqual(1)
      }
    }
  })

  it('are equal where batches are whole and the number of ranks divides them', async () => {
    const ranks = await allRanks(numbered(61), 4, { batchSize: 16, shuffle, dropRemainder: true })
    expect(new Set(ranks.flat().map(({ count }) => count))).toEqual(new Set([4]))
  })

  it('work on subsets and give images their numbers in the whole split', async () => {
    const subset = numbered(40).subset([30, 7, 21, 2, 9])
    const ranks = await allRanks(subset, 2, { batchSize: 4 })
    expect(ranks.map((batches) => batches.map(({ indices }) => [...indices]))).toEqual([
      [[30, 7], [9]],
      [[21, 2], []],
    ])
  })

  it('have an empty last batch for ranks that it does not reach, which no source sees', async () => {
    const seen: number[] = []
    const dataset = sourceDataset({
      name: 'files',
      classes: [],
      splits: {
        train: {
          length: 5,
          labels: undefined,
          imageSize: undefined,
          read: async function* (plan, { size = 0, views = 1 }) {
            for (const indices of plan) {
              seen.push(indices.length)
              const images = new Uint8Array(views * indices.length * size * size * 3)
              yield {
                images,
                count: indices.length,
                views,
                height: size,
                width: size,
                labels: undefined,
                indices,
              }
            }
          },
        },
      },
      close: async () => {},
    })
    const batches = await collect(
      dataset.batches({ batchSize: 4, size: 8, views: 2, shard: { rank: 3, size: 4 } }),
    )
    expect(seen).toEqual([1])
    expect(batches[1]).toEqual({
      images: new Uint8Array(0),
      count: 0,
      views: 2,
      height: 8,
      width: 8,
      labels: undefined,
      indices: new Int32Array(0),
    })
  })

  it.each([
    [{ rank: 0, size: 0 }, 'numbered: shard.size: must be a whole number of at least 1, got 0'],
    [{ rank: 0, size: 5 }, 'numbered: shard.size: must be a number between 1 and 4, got 5'],
    [{ rank: 2, size: 2 }, 'numbered: shard.rank: must be a number between 0 and 1, got 2'],
    [{ rank: -1, size: 2 }, 'numbered: shard.rank: must be a whole number of at least 0, got -1'],
  ])('refuse %o', async (shard, message) => {
    await expect(collect(numbered(8).batches({ batchSize: 4, shard }))).rejects.toThrow(message)
  })
})
