import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { collect } from './__fixtures__/collect.ts'
import type { Dataset, ImageBatch } from './dataset.ts'
import { type SyntheticOptions, synthetic } from './synthetic.ts'

async function whole(dataset: Dataset): Promise<ImageBatch> {
  const [batch] = await collect(dataset.batches({ batchSize: dataset.length }))
  return batch!
}

async function digest(options: SyntheticOptions): Promise<string> {
  const { images } = await whole(synthetic(options))
  return createHash('sha256').update(images).digest('hex').slice(0, 16)
}

describe('synthetic', () => {
  it('draws the same images on every machine', async () => {
    expect(await digest({ count: 20, testCount: 1, seed: 7 })).toBe('HASH')
  })

  it('draws others from another seed, split or number, but not from another count', async () => {
    const a = await whole(synthetic({ count: 18, testCount: 18, seed: 1 }))
    const b = await whole(synthetic({ count: 18, testCount: 18, seed: 2 }))
    const test = await whole(synthetic({ count: 18, testCount: 18, seed: 1 }).split('test'))
    const more = await whole(synthetic({ count: 27, testCount: 1, seed: 1 }))
    expect(a.images).not.toEqual(b.images)
    expect(a.images).not.toEqual(test.images)
    expect(a.images).toEqual(more.images.subarray(0, a.images.length))
    expect(a.images.subarray(0, 3072)).not.toEqual(a.images.subarray(9 * 3072, 10 * 3072))
  })

  it('has as many images of each class', () => {
    const { labels, classes } = synthetic({ count: 90, testCount: 9 })
    expect(classes.length).toBe(9)
    const counts = classes.map((_, label) => labels!.filter((other) => other === label).length)
    expect(new Set(counts)).toEqual(new Set([10]))
  })

  it('draws at any size', async () => {
    const { images, height, width } = await whole(synthetic({ count: 1, testCount: 1, size: 48 }))
    expect([height, width, images.length]).toEqual([48, 48, 48 * 48 * 3])
  })

  it('cannot be told from raw pixels: the nearest training image is rarely of the same class', async () => {
    const dataset = synthetic({ count: 1800, testCount: 180, seed: 3 })
    const train = await whole(dataset)
    const test = await whole(dataset.split('test'))
    const stride = 32 * 32 * 3
    let correct = 0
    for (let row = 0; row < test.count; row++) {
      const query = test.images.subarray(row * stride, (row + 1) * stride)
      let nearest = 0
      let least = Number.POSITIVE_INFINITY
      for (let other = 0; other < train.count; other++) {
        const distance = squaredDistance(query, train.images, other * stride)
        if (distance >= least) continue
        least = distance
        nearest = other
      }
      if (train.labels![nearest] === test.labels![row]) correct++
    }
    expect(correct / test.count).toBeLessThan(0.35)
  })

  it('refuses impossible counts and sizes', () => {
    expect(() => synthetic({ count: 0 })).toThrow('synthetic: count')
    expect(() => synthetic({ testCount: 1.5 })).toThrow('synthetic: testCount')
    expect(() => synthetic({ size: 4 })).toThrow('synthetic: size')
  })
})

function squaredDistance(query: Uint8Array, images: Uint8Array, start: number): number {
  let sum = 0
  for (let i = 0; i < query.length; i++) sum += (query[i]! - images[start + i]!) ** 2
  return sum
}
