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
  it('draws the same images every time', async () => {
    expect(await digest({ count: 20, testCount: 1, seed: 7 })).toBe('d0be2b8bec2c9d7e')
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

  it('cannot be told from raw pixels by the kNN of the evaluation', async () => {
    const dataset = synthetic({ count: 2700, testCount: 180, seed: 3 })
    const train = await whole(dataset)
    const test = await whole(dataset.split('test'))
    const rows = unitRows(train)
    const correct = unitRows(test).filter((row, i) => vote(row, rows, train.labels!) === test.labels![i])
    expect(correct.length / test.count).toBeLessThan(0.35)
  })

  it('refuses impossible counts and sizes', () => {
    expect(() => synthetic({ count: 0 })).toThrow('synthetic: count')
    expect(() => synthetic({ testCount: 1.5 })).toThrow('synthetic: testCount')
    expect(() => synthetic({ size: 4 })).toThrow('synthetic: size')
  })
})

/** The pixels of each image, scaled to length 1. */
function unitRows({ images, count }: ImageBatch): Float32Array[] {
  const stride = images.length / count
  return Array.from({ length: count }, (_, row) => {
    const pixels = Float32Array.from(images.subarray(row * stride, (row + 1) * stride))
    const length = Math.sqrt(dot(pixels, pixels))
    return pixels.map((value) => value / length)
  })
}

/** The class with the largest sum of exp(cosine / 0.07) over the 200 nearest rows. */
function vote(query: Float32Array, rows: readonly Float32Array[], labels: Int32Array): number {
  const nearest = rows
    .map((row, i) => ({ cosine: dot(query, row), label: labels[i]! }))
    .sort((a, b) => b.cosine - a.cosine)
    .slice(0, 200)
  const votes = new Array<number>(9).fill(0)
  for (const { cosine, label } of nearest) votes[label]! += Math.exp(cosine / 0.07)
  return votes.indexOf(Math.max(...votes))
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
