import { RandomKey } from '@simclr/core'
import { memory, type Tensor4D } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import type { Dataset } from './dataset.ts'
import { imageTensor } from './image-tensor.ts'
import { memoryDataset } from './memory-dataset.ts'
import { residentImages } from './resident-images.ts'
import { synthetic } from './synthetic.ts'

const dataset = synthetic({ count: 30, testCount: 1, size: 9 })

async function expectSame(whole: Dataset): Promise<void> {
  const resident = await residentImages(whole)
  const options = { batchSize: 7, shuffle: RandomKey.fromSeed(3) }
  const batches = whole.batches(options)[Symbol.asyncIterator]()
  for await (const { indices, images, labels } of whole.batches({ ...options, indicesOnly: true })) {
    const read = (await batches.next()).value!
    expect(images).toHaveLength(0)
    expect(indices).toEqual(read.indices)
    expect(labels).toEqual(read.labels)
    const [expected, gathered] = [imageTensor(read), resident.gather(indices)]
    expect(gathered.shape).toEqual(expected.shape)
    expect(gathered.dataSync()).toEqual(expected.dataSync())
    for (const tensor of [expected, gathered] as Tensor4D[]) tensor.dispose()
  }
  resident.dispose()
}

describe('residentImages', () => {
  it('gathers the very values of the batches', () => expectSame(dataset))

  it('knows the images of a subset by their numbers in the split', () =>
    expectSame(dataset.subset([4, 20, 11, 29])))

  it('holds every byte in every channel', async () => {
    const images = Uint8Array.from({ length: 256 * 3 }, (_, i) => Math.floor(i / 3) ^ ((i % 3) * 85))
    const all = memoryDataset({ name: 'bytes', imageSize: { height: 16, width: 16 }, train: { images } })
    const resident = await residentImages(all)
    const gathered = resident.gather(Int32Array.of(0))
    expect(Array.from(gathered.dataSync(), (x) => Math.round(x * 255))).toEqual([...images])
    gathered.dispose()
    resident.dispose()
  })

  it('says how much it takes and frees it', async () => {
    const before = memory().numTensors
    const resident = await residentImages(dataset)
    expect(memory().numTensors).toBe(before + 1)
    expect(resident.bytes).toBe(30 * 9 * 9 * 4)
    expect(() => resident.gather(Int32Array.of(0, 5)).dispose()).toLeakNoTensors()
    expect(() => resident.gather(Int32Array.of(30))).toThrow(/numbers of images of the dataset, got 30/)
    resident.dispose()
    expect(memory().numTensors).toBe(before)
  })
})
