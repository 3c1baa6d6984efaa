import { open, readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it, onTestFinished } from 'vitest'
import { collect } from '../__fixtures__/collect.ts'
import { datasetTree } from '../__fixtures__/dataset-tree.ts'
import type { Dataset } from '../dataset.ts'
import { synthetic } from '../synthetic.ts'
import type { DecodingOptions } from './decoding-options.ts'
import { fileDataset } from './file-dataset.ts'
import { imageFolder } from './image-folder.ts'
import { openDataset } from './open-dataset.ts'
import { type PackOptions, packImages } from './pack-images.ts'
import { packedDataset } from './packed-dataset.ts'

/** Two classes and two splits, a JPEG, a PNG and a grey one among them. */
const TREE = {
  'train/cat/1.jpg': { level: 10 },
  'train/cat/2.jpg': { level: 20, format: 'png', channels: 4 },
  'train/dog/3.png': { level: 30, channels: 1 },
  'test/dog/4.jpg': { level: 40 },
} as const

function closing(dataset: Dataset): Dataset {
  onTestFinished(() => dataset.close())
  return dataset
}

/** The folder above, opened, and a place for its packed copy. */
async function folder(): Promise<{ root: string; original: Dataset; file: string }> {
  const root = await datasetTree(TREE)
  return { root, original: closing(await imageFolder(root, { threads: 1 })), file: join(root, 'copy.packed') }
}

async function packed(file: string, options: DecodingOptions = {}): Promise<Dataset> {
  return closing(await packedDataset(file, { threads: 1, ...options }))
}

/** Everything that a dataset gives in two views of its images. */
function everything(dataset: Dataset) {
  const crop = (index: number, view: number) => ({ top: view, left: index % 3, height: 5, width: 6 - view })
  return Promise.all(
    dataset.splits.map(async (name) => {
      const split = dataset.split(name)
      return {
        name,
        labels: split.labels,
        multiLabels: split.multiLabels,
        fileNames: Array.from({ length: split.length }, (_, i) => split.fileName(i)),
        batches: await collect(split.batches({ batchSize: 2, size: 4, views: 2, crop })),
      }
    }),
  )
}

describe('a packed dataset', () => {
  it('is the one it was made from: splits, classes, labels, names and every byte', async () => {
    const { original, file } = await folder()
    await packImages(original, file)
    const copy = await packed(file)
    expect([copy.name, copy.classes, copy.splits]).toEqual([original.name, ['cat', 'dog'], ['train', 'test']])
    expect(await everything(copy)).toEqual(await everything(original))
  })

  it('stands alone: the images it was made from are not needed', async () => {
    const { root, original, file } = await folder()
    await packImages(original, file)
    const wanted = await everything(original)
    await writeFile(join(root, 'train/cat/1.jpg'), '')
    expect(await everything(closing(await openDataset(`packed:${file}`)))).toEqual(wanted)
  })

  it('keeps several labels of an image, and stores an image of two splits once', async () => {
    const { root, file } = await folder()
    const files = ['train/cat/1.jpg', 'train/cat/2.jpg'].map((path) => ({ path: join(root, path) }))
    const original = closing(
      fileDataset({
        name: 'several',
        classes: ['a', 'b', 'c'],
        splits: {
          train: { files: files.slice(0, 1), multiLabels: Int8Array.of(1, -1, 0) },
          trainval: { files, multiLabels: Int8Array.of(1, -1, 0, -1, 1, 1) },
        },
      }),
    )
    await packImages(original, file)
    expect(await everything(await packed(file))).toEqual(await everything(original))
    const content = await readFile(file)
    const image = await readFile(files[0]!.path)
    expect(content.indexOf(image)).toBe(content.lastIndexOf(image))
  })

  it('packs parts of archives, and what is packed already', async () => {
    const { root, original, file } = await folder()
    await packImages(original, file)
    const again = join(root, 'again.packed')
    await packImages(await packed(file), again)
    expect(await readFile(again)).toEqual(await readFile(file))
  })

  it('holds images scaled down to a shorter side, and smaller ones as they are', async () => {
    const create = { width: 40, height: 24, channels: 3, background: '#804020' } as const
    const root = await datasetTree({
      'a.jpg': await sharp({ create }).png().toBuffer(),
      'b.jpg': { level: 50, format: 'png' },
    })
    const file = join(root, 'small.packed')
    const original = closing(await imageFolder(root))
    await packImages(original, file, { shorterSide: 12, quality: 95 })
    const sizes: unknown[] = []
    const crop = (_index: number, _view: number, size: { height: number; width: number }) => {
      sizes.push(size)
      return { top: 0, left: 0, ...size }
    }
    const [batch] = await collect((await packed(file)).batches({ batchSize: 2, size: 7, crop }))
    expect(sizes).toEqual([
      { height: 12, width: 20 },
      { height: 7, width: 9 },
    ])
    for (const [i, wanted] of [0x80, 0x40, 0x20].entries()) {
      expect(Math.abs(batch!.images[i]! - wanted)).toBeLessThanOrEqual(2)
    }
    expect([...batch!.images.subarray(7 * 7 * 3)]).toEqual(Array(7 * 7 * 3).fill(50))
    expect((await readFile(file)).includes(await readFile(join(root, 'b.jpg')))).toBe(true)
  })

  it('reports a damaged image by its name, and gives the others', async () => {
    const { original, file } = await folder()
    await packImages(original, file)
    await overwrite(file, 200, 1)
    const skipped: [string, string][] = []
    const onSkip = (path: string, reason: string) => skipped.push([path, reason])
    const [batch] = await collect(
      (await packed(file, { onError: 'skip', onSkip })).batches({ batchSize: 3, size: 2 }),
    )
    expect([...batch!.indices]).toEqual([1, 2])
    expect(skipped).toEqual([
      [expect.stringContaining('train/cat/1.jpg'), expect.stringContaining('checksum differs')],
    ])
  })
})

/** Changes bytes of a file. */
async function overwrite(path: string, position: number, length: number): Promise<void> {
  const file = await open(path, 'r+')
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, position)
  await file.write(
    buffer.map((byte) => byte ^ 0x55),
    0,
    length,
    position,
  )
  await file.close()
}

describe('opening a packed dataset refuses', () => {
  it.each<[string, (file: string) => Promise<void>, RegExp]>([
    ['another kind of file', (file) => writeFile(file, 'x'.repeat(99)), /got another kind of file\. Check/],
    ['an empty file', (file) => truncate(file, 0), /got another kind of file/],
    ['a file cut off in its start', (file) => truncate(file, 20), /got another kind of file/],
    [
      'a file cut off in its index',
      async (file) => truncate(file, (await readFile(file)).length - 1),
      /got \d+ bytes instead of \d+/,
    ],
    ['a file that goes on', (file) => writeFile(file, 'x', { flag: 'a' }), /got \d+ bytes instead of \d+/],
    [
      'a damaged index',
      async (file) => overwrite(file, (await readFile(file)).length - 9, 1),
      /got a damaged index/,
    ],
    ['another version', (file) => overwrite(file, 8, 1), /got one of version 84, not 1/],
    ['a start that was never written', (file) => overwrite(file, 0, 32), /got another kind of file/],
  ])('%s', async (_, damage, message) => {
    const { original, file } = await folder()
    await packImages(original, file)
    await damage(file)
    await expect(packedDataset(file)).rejects.toThrow(message)
  })

  it('a file that is not there, or a folder', async () => {
    const { root, file } = await folder()
    await expect(packedDataset(file)).rejects.toThrow(
      'copy.packed: must be a complete file that packImages has written, got no such file',
    )
    await expect(packedDataset(root)).rejects.toThrow('must be a complete file')
  })
})

describe('packing', () => {
  it('leaves no file behind when an image cannot be used, or the one that was there', async () => {
    const { root, original, file } = await folder()
    await writeFile(file, 'what was there')
    await writeFile(join(root, 'train/dog/3.png'), 'no image')
    const before = await readdir(root)
    await expect(packImages(original, file)).rejects.toThrow('3.png: must be an image that can be decoded')
    expect(await readdir(root)).toEqual(before)
    expect(await readFile(file, 'utf8')).toBe('what was there')
  })

  it('leaves out images that cannot be used, on demand', async () => {
    const { root, original, file } = await folder()
    await writeFile(join(root, 'train/cat/1.jpg'), '')
    await writeFile(join(root, 'test/dog/4.jpg'), 'no image')
    const skipped: string[] = []
    await packImages(original, file, { onError: 'skip', onSkip: (path) => skipped.push(path) })
    expect(skipped).toEqual([join(root, 'train/cat/1.jpg'), join(root, 'test/dog/4.jpg')])
    const copy = await packed(file)
    expect([copy.splits, [...copy.labels!]]).toEqual([['train'], [0, 1]])
    expect([copy.fileName(0), copy.fileName(1)]).toEqual(['2.jpg', '3.png'])
    for (const path of ['train/cat/2.jpg', 'train/dog/3.png']) await writeFile(join(root, path), '')
    const nothing = packImages(original, file, { onError: 'skip', onSkip: () => {} })
    await expect(nothing).rejects.toThrow('must be at least one training image that can be used, got none')
  })

  it.each<[string, PackOptions, string]>([
    ['a shorter side of 0', { shorterSide: 0 }, 'packImages: shorterSide'],
    ['a quality above 100', { quality: 101 }, 'packImages: quality'],
    ['images above maxPixels', { maxPixels: 60 }, '7 × 9 pixels, more than maxPixels (60)'],
  ])('refuses %s', async (_, options, message) => {
    const { original, file } = await folder()
    await expect(packImages(original, file, options)).rejects.toThrow(message)
  })

  it('refuses datasets in memory, splits and subsets', async () => {
    const { original, file } = await folder()
    for (const dataset of [synthetic({ count: 9 }), original.split('test'), original.subset([0])]) {
      await expect(packImages(dataset, file)).rejects.toThrow(
        'must be a dataset of image files as it was opened',
      )
    }
  })
})
