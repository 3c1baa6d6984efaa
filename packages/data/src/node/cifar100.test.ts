import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { collect } from '../__fixtures__/collect.ts'
import { datasetTree } from '../__fixtures__/dataset-tree.ts'
import { cifar100 } from './cifar100.ts'

const records = { train: 4, test: 2 }
const RECORD = 3074

/** Image `i` has coarse label 19 - i and fine label 10 · i + 9; the planes tell channel and pixel. */
function binary(count: number): Uint8Array {
  return Uint8Array.from({ length: count * RECORD }, (_, place) => {
    const [image, byte] = [Math.floor(place / RECORD), place % RECORD]
    if (byte < 2) return [19 - image, 10 * image + 9][byte]!
    return pixelValue(image, Math.floor((byte - 2) / 1024), (byte - 2) % 1024)
  })
}

function pixelValue(image: number, channel: number, pixel: number): number {
  return (image * 13 + channel * 5 + pixel * 7) % 256
}

const names = (kind: string, count: number): string =>
  Array.from({ length: count }, (_, i) => `${kind}_${i}\r\n`).join('')

function tree(): Promise<string> {
  return datasetTree({
    'cifar-100-binary/train.bin': binary(4),
    'cifar-100-binary/test.bin': binary(2),
    'cifar-100-binary/fine_label_names.txt': names('fine', 100),
    'cifar-100-binary/coarse_label_names.txt': `${names('coarse', 20)}\n`,
  })
}

describe('cifar100', () => {
  it('reads fine labels, which come second, and planes', async () => {
    const dataset = await cifar100(await tree(), { records })
    expect([dataset.name, dataset.length, dataset.split('test').length]).toEqual(['cifar100', 4, 2])
    expect([...dataset.labels!]).toEqual([9, 19, 29, 39])
    expect([dataset.classes.length, dataset.classes[39]]).toEqual([100, 'fine_39'])
    const [batch] = await collect(dataset.batches({ batchSize: 4 }))
    const expected = Array.from({ length: 4 * 3072 }, (_, k) =>
      pixelValue(Math.floor(k / 3072), k % 3, Math.floor((k % 3072) / 3)),
    )
    expect(batch!.images).toEqual(Uint8Array.from(expected))
  })

  it('reads coarse labels, from the folder of the files itself', async () => {
    const dataset = await cifar100(join(await tree(), 'cifar-100-binary'), { records, labels: 'coarse' })
    expect([...dataset.labels!]).toEqual([19, 18, 17, 16])
    expect([dataset.classes.length, dataset.classes[0]]).toEqual([20, 'coarse_0'])
  })
})

describe('cifar100 refuses', () => {
  it.each<[string, string, Uint8Array | string | undefined, string]>([
    ['a missing file', 'test.bin', undefined, 'must be a file of 6148 bytes, got no such file'],
    ['a file that is cut off', 'train.bin', binary(4).subarray(1), 'got 12295 bytes. It is cut off'],
    ['CIFAR-10 records', 'train.bin', new Uint8Array(5 * 3073), 'It is not a CIFAR-100 batch'],
    ['a fine label above 99', 'test.bin', binary(2).with(RECORD + 1, 100), 'got 100 in record 1'],
    ['a coarse label above 19', 'test.bin', binary(2).with(0, 20), 'byte 0 is a label from 0 to 19, got 20'],
    ['names that are missing', 'fine_label_names.txt', undefined, 'got no such file. Unpack cifar-100'],
    ['too few names', 'fine_label_names.txt', names('fine', 99), 'must be 100 class names, got 99'],
  ])('%s', async (_, file, content, message) => {
    const root = await tree()
    const path = join(root, 'cifar-100-binary', file)
    await (content === undefined ? rm(path) : writeFile(path, content))
    const opening = cifar100(root, { records })
    await expect(opening).rejects.toThrow(message)
    await expect(opening).rejects.toThrow(path)
  })

  it('a small copy, unless its size is given', async () => {
    await expect(cifar100(await tree())).rejects.toThrow('must be a file of 153700000 bytes, got 12296 bytes')
  })
})
