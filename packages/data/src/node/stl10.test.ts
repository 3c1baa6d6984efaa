import { open, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RandomKey } from '@simclr/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { collect } from '../__fixtures__/collect.ts'
import { datasetTree } from '../__fixtures__/dataset-tree.ts'
import { stl10 } from './stl10.ts'

const RECORD = 3 * 96 * 96

function pixelValue(image: number, row: number, column: number, channel: number): number {
  return (image * 31 + row * 7 + column * 3 + channel * 101) % 256
}

/** Records as the authors wrote them: each plane column by column. */
function records(count: number): Uint8Array {
  return Uint8Array.from({ length: count * RECORD }, (_, place) => {
    const [image, byte] = [Math.floor(place / RECORD), place % RECORD]
    return pixelValue(image, byte % 96, Math.floor(byte / 96) % 96, Math.floor(byte / 9216))
  })
}

/** The pixels `[96, 96, 3]` of an image. */
function pixels(image: number): number[] {
  return Array.from({ length: RECORD }, (_, k) =>
    pixelValue(image, Math.floor(k / 288), Math.floor(k / 3) % 96, k % 3),
  )
}

const CLASSES = 'airplane\r\nbird\r\ncar\r\ncat\r\ndeer\r\ndog\r\nhorse\r\nmonkey\r\nship\r\ntruck\r\n'
const fold = (first: number): string =>
  Array.from({ length: 1000 }, (_, i) => `${(first + i) % 5000} `).join('')
const FOLDS = Array.from({ length: 10 }, (_, i) => `${fold(4999 - i)}\n`).join('')

const SMALL = {
  'stl10_binary/train_X.bin': records(3),
  'stl10_binary/train_y.bin': Uint8Array.of(1, 10, 4),
  'stl10_binary/test_X.bin': records(2),
  'stl10_binary/test_y.bin': Uint8Array.of(2, 3),
  'stl10_binary/unlabeled_X.bin': records(5),
  'stl10_binary/class_names.txt': CLASSES,
  'stl10_binary/fold_indices.txt': FOLDS,
}

/** A copy of the official size: all zeros, which take no room on the disk. */
async function officialTree(): Promise<string> {
  const root = await datasetTree({
    ...SMALL,
    'stl10_binary/train_y.bin': new Uint8Array(5000).fill(7),
    'stl10_binary/test_y.bin': new Uint8Array(8000).fill(7),
  })
  for (const [split, count] of [
    ['train', 5_000],
    ['test', 8_000],
    ['unlabeled', 100_000],
  ] as const) {
    await truncate(join(root, 'stl10_binary', `${split}_X.bin`), count * RECORD)
  }
  return root
}

afterEach(() => vi.restoreAllMocks())

describe('stl10', () => {
  it('has the official splits and folds', async () => {
    const dataset = await stl10(await officialTree())
    expect(dataset.splits).toEqual(['train', 'test', 'unlabeled'])
    expect(dataset.splits.map((name) => dataset.split(name).length)).toEqual([5_000, 8_000, 100_000])
    expect(dataset.folds.map(({ length }) => length)).toEqual(Array(10).fill(1000))
    expect([...dataset.folds[1]!.subarray(0, 3)]).toEqual([4998, 4999, 0])
    expect(dataset.subset(dataset.folds[1]!).length).toBe(1000)
    expect(dataset.split('unlabeled').labels).toBeUndefined()
  })

  it('reads any of the unlabelled images where it lies', async () => {
    const root = await officialTree()
    const file = await open(join(root, 'stl10_binary', 'unlabeled_X.bin'), 'r+')
    await file.write(records(3), 2 * RECORD, RECORD, 99_999 * RECORD)
    await file.close()
    const unlabeled = (await stl10(root)).split('unlabeled')
    const [batch] = await collect(unlabeled.subset([99_999, 1, 50_000]).batches({ batchSize: 3 }))
    expect(batch!.labels).toBeUndefined()
    expect([batch!.height, batch!.width, ...batch!.indices]).toEqual([96, 96, 99_999, 1, 50_000])
    expect([...batch!.images]).toEqual([...pixels(2), ...pixels(1), ...new Uint8Array(RECORD)])
  })

  it('opens a small copy with allowPartial, and says what is missing', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const dataset = await stl10(join(await datasetTree(SMALL), 'stl10_binary'), { allowPartial: true })
    expect([...dataset.labels!]).toEqual([0, 9, 3])
    expect(dataset.classes[9]).toBe('truck')
    expect([...dataset.folds[2]!]).toEqual([0, 1, 2])
    expect(warn.mock.calls[0]![0]).toBe(
      'stl10: 3 train images, 2 test images, 5 unlabeled images instead of ' +
        '5000 train images, 8000 test images, 100000 unlabeled images',
    )
    const options = { batchSize: 2, shuffle: RandomKey.fromSeed(5) }
    for (const { images, indices, labels } of await collect(dataset.batches(options))) {
      expect([...images]).toEqual([...indices].flatMap(pixels))
      expect([...labels!]).toEqual([...indices].map((index) => dataset.labels![index]))
    }
  })

  it('opens a copy without the large split', async () => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const root = await datasetTree(SMALL)
    await rm(join(root, 'stl10_binary', 'unlabeled_X.bin'))
    await expect(stl10(root)).rejects.toThrow('unlabeled_X.bin')
    const dataset = await stl10(root, { allowPartial: true })
    expect(dataset.splits).toEqual(['train', 'test'])
    expect(() => dataset.split('unlabeled')).toThrow('Unpack stl10_binary.tar.gz again')
  })

  it('gives whole images only', async () => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const dataset = await stl10(await datasetTree(SMALL), { allowPartial: true })
    await expect(collect(dataset.batches({ batchSize: 1, size: 64 }))).rejects.toThrow('96 × 96, got 64')
    await expect(collect(dataset.batches({ batchSize: 1, views: 2 }))).rejects.toThrow('got 2 views')
  })

  it('notices a file that shrinks while it is read', async () => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const root = await datasetTree(SMALL)
    const dataset = await stl10(root, { allowPartial: true })
    await truncate(join(root, 'stl10_binary', 'train_X.bin'), 2 * RECORD + 5)
    await expect(collect(dataset.batches({ batchSize: 1 }))).rejects.toThrow('got 5 bytes of record 2')
  })
})

describe('stl10 refuses', () => {
  it.each<[string, string, Uint8Array | string | undefined, string]>([
    ['missing training images', 'train_X.bin', undefined, 'got no such file'],
    [
      'a file that is cut off',
      'test_X.bin',
      records(2).subarray(7),
      'whole records of 27648 bytes, got 55289',
    ],
    ['an empty file', 'train_X.bin', new Uint8Array(0), 'got 0 bytes'],
    ['a label 0', 'train_y.bin', Uint8Array.of(1, 0, 2), 'must be labels from 1 to 10, got 0 for image 1'],
    ['a label 11', 'test_y.bin', Uint8Array.of(11, 1), 'got 11 for image 0'],
    ['too few labels', 'test_y.bin', Uint8Array.of(1), 'one byte per image, 2, got 1 bytes'],
    ['missing labels', 'train_y.bin', undefined, 'got no such file'],
    ['missing folds', 'fold_indices.txt', undefined, 'got no such file'],
    ['nine folds', 'fold_indices.txt', FOLDS.split('\n').slice(1, 10).join('\n'), 'must be 10 lines, got 9'],
    ['a short fold', 'fold_indices.txt', FOLDS.replace('4999 ', ''), 'got 999 in line 1'],
    ['a position of another set', 'fold_indices.txt', FOLDS.replace('4998 ', '5000 '), 'got 5000 in line 2'],
  ])('%s', async (_, file, content, message) => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const root = await datasetTree(SMALL)
    const path = join(root, 'stl10_binary', file)
    await (content === undefined ? rm(path) : writeFile(path, content))
    const opening = stl10(root, { allowPartial: true })
    await expect(opening).rejects.toThrow(message)
    await expect(opening).rejects.toThrow(path)
  })

  it('wrong counts', async () => {
    await expect(stl10(await datasetTree(SMALL))).rejects.toThrow('must be 5000 train images')
  })
})
