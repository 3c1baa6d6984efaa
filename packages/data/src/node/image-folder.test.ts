import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { RandomKey } from '@simclr/core'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { collect } from '../__fixtures__/collect.ts'
import type { Dataset, ImageBatch, SplitName } from '../dataset.ts'
import type { DecodingOptions } from './decoding-options.ts'
import { imageFolder } from './image-folder.ts'

let root: string
const opened: Dataset[] = []

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'simclr-folder-'))
})
afterEach(async () => {
  for (const dataset of opened.splice(0)) await dataset.close()
  await rm(root, { recursive: true })
})

async function open(folder = root, options: DecodingOptions = {}): Promise<Dataset> {
  const dataset = await imageFolder(folder, { threads: 2, ...options })
  opened.push(dataset)
  return dataset
}

/** A file in a new folder below the root. */
async function put(path: string, content: Uint8Array | string): Promise<string> {
  const full = join(root, path)
  await mkdir(dirname(full), { recursive: true })
  await writeFile(full, content)
  return full
}

/** A PNG of one grey level, so that an image can be told by its mean. */
function grey(level: number): Promise<Buffer> {
  const create = { width: 9, height: 7, channels: 3, background: { r: level, g: level, b: level } } as const
  return sharp({ create }).png().toBuffer()
}

function batchesOf(dataset: Dataset, batchSize = 8, size = 4): Promise<ImageBatch[]> {
  return collect(dataset.batches({ batchSize, size }))
}

/** The grey level of each image of the batches, in order. */
function levels(batches: readonly ImageBatch[]): number[] {
  return batches.flatMap(({ images, height, width }) =>
    [...images].filter((_, i) => i % (height * width * 3) === 0),
  )
}

describe('imageFolder', () => {
  it('takes sub-folders for classes, sorted by name, with images at any depth', async () => {
    await put('dog/b.png', await grey(40))
    await put('dog/a.png', await grey(30))
    await put('Cat/images/x.PNG', await grey(20))
    await put('Cat/z.png', await grey(10))
    await put('empty/readme.txt', 'no image')
    await put('dog/.hidden.png', 'no image')
    await put('dog/._a.png', 'no image')
    await put('Cat/notes.mat', 'no image')
    const dataset = await open()
    expect(dataset.classes).toEqual(['Cat', 'dog'])
    expect(dataset.imageSize).toBeUndefined()
    expect([...dataset.labels!]).toEqual([0, 0, 1, 1])
    const batches = await batchesOf(dataset, 3)
    expect(levels(batches)).toEqual([10, 20, 30, 40])
    expect(batches.map(({ labels }) => [...labels!])).toEqual([[0, 0, 1], [1]])
  })

  it('takes a flat folder for unlabelled images', async () => {
    for (const [i, name] of ['c', 'a', 'b'].entries()) await put(`${name}.png`, await grey(i))
    const dataset = await open()
    expect([dataset.length, dataset.labels, dataset.classes]).toEqual([3, undefined, []])
    const batches = await batchesOf(dataset)
    expect(levels(batches)).toEqual([1, 2, 0])
    expect(batches[0]!.labels).toBeUndefined()
  })

  it.each(['test', 'val'])('takes train and %s for splits, with the classes of train', async (name) => {
    for (const kind of ['a', 'b', 'c']) await put(`train/${kind}/0.png`, await grey(1))
    await put(`${name}/c/0.png`, await grey(2))
    const dataset = await open()
    expect([...dataset.labels!]).toEqual([0, 1, 2])
    const test = dataset.split('test')
    expect([...test.labels!]).toEqual([2])
    expect(levels(await batchesOf(test))).toEqual([2])
  })

  it('takes val for validation images where there are test images too', async () => {
    for (const [i, kind] of ['a', 'b'].entries()) {
      await put(`train/${kind}/0.png`, await grey(10 + i))
      await put(`val/${kind}/0.png`, await grey(20 + i))
    }
    await put('test/b/0.png', await grey(30))
    const dataset = await open()
    expect(dataset.splits).toEqual(['train', 'validation', 'trainval', 'test'])
    const contents = async (name: SplitName) => {
      const split = dataset.split(name)
      return [[...split.labels!], levels(await batchesOf(split))]
    }
    expect(await contents('train')).toEqual([
      [0, 1],
      [10, 11],
    ])
    expect(await contents('validation')).toEqual([
      [0, 1],
      [20, 21],
    ])
    expect(await contents('trainval')).toEqual([
      [0, 1, 0, 1],
      [10, 11, 20, 21],
    ])
    expect(await contents('test')).toEqual([[1], [30]])
  })

  it('shuffles by key and gives the same bytes with any number of threads', async () => {
    for (let i = 0; i < 12; i++) await put(`${String(i).padStart(2, '0')}.png`, await grey(10 * i))
    const shuffle = RandomKey.fromSeed(5)
    const dataset = await open(root, { threads: 3 })
    const batches = await collect(dataset.batches({ batchSize: 5, size: 4, shuffle }))
    const order = batches.flatMap(({ indices }) => [...indices])
    expect(order).toEqual([...shuffle.permutation(12)])
    expect(levels(batches)).toEqual(order.map((index) => 10 * index))
    const single = await collect(
      (await open(root, { threads: 1 })).batches({ batchSize: 5, size: 4, shuffle }),
    )
    expect(single).toEqual(batches)
  })

  it('tells the format by content', async () => {
    await put('a.jpg', await grey(50))
    await put(
      'b.jpg',
      await sharp(await grey(60))
        .gif()
        .toBuffer(),
    )
    expect(levels(await batchesOf(await open()))).toEqual([50, 60])
  })
})

describe('imageFolder refuses', () => {
  it('a folder that does not exist, or is a file', async () => {
    await expect(imageFolder(join(root, 'none'))).rejects.toThrow(
      /none: must be a folder that can be read, got ENOENT/,
    )
    const file = await put('file.png', await grey(1))
    await expect(imageFolder(file)).rejects.toThrow('Give the folder that holds the images, not a file.')
  })

  it('a folder without images', async () => {
    await expect(imageFolder(root)).rejects.toThrow(/must be a folder with images .* got no images/)
    await put('train/notes.txt', 'nothing')
    await expect(imageFolder(root)).rejects.toThrow(/train: must be a folder with images/)
  })

  it('images beside class folders', async () => {
    await put('stray.png', await grey(1))
    await put('dog/a.png', await grey(1))
    await expect(imageFolder(root)).rejects.toThrow(
      'got both: 1 images (stray.png, …) beside class folders (dog, …)',
    )
  })

  it('a test class that train does not have', async () => {
    await put('train/cat/a.png', await grey(1))
    await put('test/dog/a.png', await grey(1))
    await expect(imageFolder(root)).rejects.toThrow(
      'must be a class that the training images have too (cat), got "dog"',
    )
  })

  it('a test split that is not there', async () => {
    await put('a.png', await grey(1))
    const dataset = await open()
    expect(() => dataset.split('test')).toThrow(`test images in ${join(root, 'test')}`)
  })

  it('batches without a size, or several views without boxes', async () => {
    await put('a.png', await grey(1))
    const dataset = await open()
    await expect(collect(dataset.batches({ batchSize: 1 }))).rejects.toThrow('Its images differ in size')
    const views = collect(dataset.batches({ batchSize: 1, size: 4, views: 2 }))
    await expect(views).rejects.toThrow('crop: must be a function if there is more than one view')
  })

  it('a box outside of the image', async () => {
    await put('a.png', await grey(1))
    const crop = () => ({ top: 1, left: 0, height: 7, width: 9 })
    const batches = collect((await open()).batches({ batchSize: 1, size: 4, crop }))
    await expect(batches).rejects.toThrow(
      'must be whole pixels inside of 7 × 9, got top 1, left 0, height 7, width 9',
    )
  })
})

describe('an image that cannot be decoded', () => {
  /** Five images of which 1 is no image and 3 is cut off. */
  async function damagedFolder(): Promise<void> {
    const photo = await sharp(await grey(99))
      .resize(200, 200)
      .jpeg()
      .toBuffer()
    await put('0.png', await grey(0))
    await put('1.png', 'this is text')
    await put('2.png', await grey(20))
    await put('3.jpg', photo.subarray(0, photo.length - 200))
    await put('4.png', await grey(40))
  }

  it('is reported with its path', async () => {
    await damagedFolder()
    await expect(batchesOf(await open(), 2)).rejects.toThrow(
      `${join(root, '1.png')}: must be an image that can be decoded, got Input buffer contains unsupported image format`,
    )
    const cutOff = (await open()).subset([3])
    await expect(batchesOf(cutOff)).rejects.toThrow(join(root, '3.jpg'))
  })

  it('is left out of its batch on demand, and told once', async () => {
    await damagedFolder()
    const skipped: string[] = []
    const dataset = await open(root, { onError: 'skip', onSkip: (path) => skipped.push(path) })
    for (let epoch = 0; epoch < 2; epoch++) {
      const batches = await batchesOf(dataset, 3)
      expect(batches.map(({ count, indices }) => [count, [...indices]])).toEqual([
        [2, [0, 2]],
        [1, [4]],
      ])
      expect(levels(batches)).toEqual([0, 20, 40])
      expect(batches[0]!.images.length).toBe(2 * 4 * 4 * 3)
    }
    expect(skipped.sort()).toEqual([join(root, '1.png'), join(root, '3.jpg')])
  })

  it('fails a batch of which nothing is left', async () => {
    await damagedFolder()
    const dataset = (await open(root, { onError: 'skip', onSkip: () => {} })).subset([1, 3])
    await expect(batchesOf(dataset)).rejects.toThrow(
      'at least one image that can be decoded, got 2 that cannot',
    )
  })
})
