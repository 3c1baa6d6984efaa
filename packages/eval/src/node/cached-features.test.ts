import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RandomKey } from '@simclr/core'
import { type Dataset, type ImageBatch, memoryDataset, synthetic } from '@simclr/data'
import { ResNet } from '@simclr/models'
import { mul, type Tensor4D } from '@tensorflow/tfjs-core'
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type Encoder, extractFeatures } from '../extract-features.ts'
import { cachedFeatures } from './cached-features.ts'

const SIDE = 8
const classes = ['a', 'b', 'c']

function noise(count: number, seed: number) {
  const random = RandomKey.fromSeed(seed)
  return {
    images: Uint8Array.from({ length: count * SIDE * SIDE * 3 }, (_, i) => random.uniform(i, 0, 256)),
    labels: Int32Array.from({ length: count }, (_, i) => i % classes.length),
  }
}

const COUNT = 2100
const dataset = memoryDataset({
  name: 'noise',
  imageSize: { height: SIDE, width: SIDE },
  classes,
  train: noise(COUNT, 1),
  test: noise(COUNT, 2),
})

const network = new ResNet({ depth: 18, width: 1 / 16, stem: 'cifar' })
afterAll(() => network.dispose())

/** Counts images, and fails as a process does that is stopped. */
function counting(limit = Number.POSITIVE_INFINITY): Encoder & { images: number } {
  return {
    images: 0,
    featureWidth: network.featureWidth,
    apply(images: Tensor4D, options) {
      if (this.images + images.shape[0] > limit) throw new Error('stopped')
      this.images += images.shape[0]
      return network.apply(images, options)
    },
    parameters: () => network.parameters(),
    state: () => network.state(),
    dispose: () => {},
  }
}

let directory: string
beforeEach(async () => {
  const root = await mkdtemp(join(tmpdir(), 'cached-features-'))
  onTestFinished(() => rm(root, { recursive: true }))
  directory = join(root, 'made', 'when needed')
})

const folders = (): Promise<string[]> => readdir(directory)
async function files(): Promise<string[]> {
  const [folder] = await folders()
  const names = await readdir(join(directory, folder!))
  return names.sort().map((name) => join(directory, folder!, name))
}

describe('an extraction that was interrupted', () => {
  const batchSize = 100 // 1,100 images a file

  test('goes on after its last whole file, and is then only read', async () => {
    const expected = await extractFeatures({ encoder: network, dataset, batchSize })
    const first = counting(1500)
    await expect(cachedFeatures({ encoder: first, dataset, batchSize, directory })).rejects.toThrow('stopped')
    expect(first.images).toBe(1500)
    expect(await files()).toHaveLength(1)

    const second = counting()
    const seen: number[] = []
    const onProgress = ({ images }: { images: number }) => seen.push(images)
    const features = await cachedFeatures({ encoder: second, dataset, batchSize, directory, onProgress })
    expect(second.images).toBe(COUNT - 1100)
    expect(features).toEqual(expected)
    expect(seen).toEqual(Array.from({ length: 11 }, (_, i) => 1100 + i * 100))

    const third = counting()
    expect(await cachedFeatures({ encoder: third, dataset, batchSize, directory })).toEqual(expected)
    expect(third.images).toBe(0)
  })

  test('a truncated or changed file is computed again', async () => {
    const options = { dataset, batchSize, directory }
    const expected = await cachedFeatures({ encoder: counting(), ...options })
    const [first, second] = await files()
    await truncate(first!, 1000)
    const bytes = await readFile(second!)
    bytes[bytes.length - 1]! ^= 1
    await writeFile(second!, bytes)
    const again = counting()
    expect(await cachedFeatures({ encoder: again, ...options })).toEqual(expected)
    expect(again.images).toBe(COUNT)
    const read = counting()
    expect(await cachedFeatures({ encoder: read, ...options })).toEqual(expected)
    expect(read.images).toBe(0)
  })
})

/** As a dataset opened with `onError: 'skip'`: some images are left out of their batches. */
function withUnreadable(whole: Dataset, isUnreadable: (index: number) => boolean): Dataset {
  return {
    ...pick(whole),
    fileName: (position) => whole.fileName(position),
    split: (name) => whole.split(name),
    subset: (positions) => withUnreadable(whole.subset(positions), isUnreadable),
    close: () => whole.close(),
    async *batches(options) {
      for await (const batch of whole.batches(options)) {
        yield options.indicesOnly ? batch : readable(batch, isUnreadable)
      }
    },
  }
}

function pick({ name, length, classes, labels, multiLabels, imageSize, splits }: Dataset) {
  return { name, length, classes, labels, multiLabels, imageSize, splits }
}

function readable(batch: ImageBatch, isUnreadable: (index: number) => boolean): ImageBatch {
  const kept = [...batch.indices.keys()].filter((row) => !isUnreadable(batch.indices[row]!))
  const stride = batch.images.length / batch.count
  return {
    ...batch,
    images: Uint8Array.from(
      kept.flatMap((row) => [...batch.images.subarray(row * stride, (row + 1) * stride)]),
    ),
    count: kept.length,
    labels: batch.labels && Int32Array.from(kept, (row) => batch.labels![row]!),
    indices: Int32Array.from(kept, (row) => batch.indices[row]!),
  }
}

test('unreadable images are left out, also when only a part is stored', async () => {
  const damaged = withUnreadable(dataset, (index) => index % 7 === 3)
  const options = { dataset: damaged, batchSize: 100 }
  const expected = await extractFeatures({ encoder: network, ...options })
  expect(expected.labels).toHaveLength(1800)
  await expect(cachedFeatures({ encoder: counting(1000), ...options, directory })).rejects.toThrow('stopped')
  const second = counting()
  expect(await cachedFeatures({ encoder: second, ...options, directory })).toEqual(expected)
  expect(second.images).toBeLessThan(900)
  expect(await cachedFeatures({ encoder: counting(0), ...options, directory })).toEqual(expected)
})

test('keeps the labels of images with several classes, and of unlabelled ones none', async () => {
  const few = dataset.subset([5, 3, 8])
  const multiLabels = Int8Array.of(1, -1, 0, -1, 1, 1, 0, 0, -1)
  const several: Dataset = {
    ...withUnreadable(few, () => false),
    labels: undefined,
    multiLabels,
    subset: () => several,
    async *batches(options) {
      for await (const batch of few.batches(options)) yield { ...batch, labels: undefined, multiLabels }
    },
  }
  const stored = await cachedFeatures({ encoder: network, dataset: several, directory })
  expect(stored.multiLabels).toEqual(multiLabels)
  expect(stored.labels).toBeUndefined()
  expect(await cachedFeatures({ encoder: network, dataset: several, directory })).toEqual(stored)
})

test('tells other weights, splits, subsets, orders, pixels and options apart', async () => {
  const few = dataset.subset([0, 1, 2])
  const use = (options: object) => cachedFeatures({ encoder: network, dataset: few, directory, ...options })
  const variable = network.parameters()[0]!.value
  const before = variable.clone()
  await use({})
  const changes = [
    { dataset: dataset.split('test').subset([0, 1, 2]) },
    { dataset: dataset.subset([3, 4, 5]) },
    { dataset: dataset.subset([3, 1, 2]) },
    { batchSize: 2 },
  ]
  for (const change of changes) await use(change)
  const changed = mul(before, 1.001)
  variable.assign(changed)
  await use({})
  variable.assign(before)
  changed.dispose()
  before.dispose()
  expect(await folders()).toHaveLength(changes.length + 2)
  await use({})
  expect(await folders()).toHaveLength(changes.length + 2)
})

test('rejects what extractFeatures rejects', async () => {
  const options = { encoder: network, directory }
  await expect(
    cachedFeatures({ ...options, dataset: synthetic({ count: 3 }), batchSize: 0 }),
  ).rejects.toThrow('cachedFeatures: batchSize')
  await expect(
    cachedFeatures({ ...options, dataset: { ...pick(dataset), length: 0 } as Dataset }),
  ).rejects.toThrow('of at least one image')
})
