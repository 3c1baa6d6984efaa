import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SimclrError } from '@simclr/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { collect } from '../__fixtures__/collect.ts'
import { cifar10 } from './cifar10.ts'

const RECORD = 3073
const recordsPerFile = 3
const FILES = [1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`).concat('test_batch.bin')

let root: string
let folder: string

/** Three records; image `i` of file `f` has label (f + i) % 10 and planes that tell file, image, channel and pixel. */
function records(file: number): Uint8Array {
  const bytes = new Uint8Array(recordsPerFile * RECORD)
  for (let i = 0; i < recordsPerFile; i++) {
    bytes[i * RECORD] = (file + i) % 10
    for (let k = 0; k < 3072; k++)
      bytes[i * RECORD + 1 + k] = pixelValue(file, i, Math.floor(k / 1024), k % 1024)
  }
  return bytes
}

function pixelValue(file: number, image: number, channel: number, pixel: number): number {
  return (file * 40 + image * 13 + channel * 5 + pixel * 7) % 256
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'simclr-cifar10-'))
  folder = join(root, 'cifar-10-batches-bin')
  await mkdir(folder)
  for (const [i, name] of FILES.entries()) await writeFile(join(folder, name), records(i))
})
afterEach(() => rm(root, { recursive: true }))

describe('cifar10', () => {
  it('reads labels and planes of all six files', async () => {
    const dataset = await cifar10(root, { recordsPerFile })
    expect([dataset.length, dataset.split('test').length]).toEqual([15, 3])
    expect(dataset.classes[9]).toBe('truck')
    expect(dataset.imageSize).toEqual({ height: 32, width: 32 })
    expect([...dataset.labels!]).toEqual([0, 1, 2, 1, 2, 3, 2, 3, 4, 3, 4, 5, 4, 5, 6])
    const [batch] = await collect(dataset.batches({ batchSize: 15 }))
    const expected = Array.from({ length: 15 * 3072 }, (_, k) => {
      const image = Math.floor(k / 3072)
      return pixelValue(Math.floor(image / 3), image % 3, k % 3, Math.floor((k % 3072) / 3))
    })
    expect(batch!.images).toEqual(Uint8Array.from(expected))
    expect(dataset.split('test').labels).toEqual(Int32Array.of(5, 6, 7))
  })

  it('takes the folder of the files itself', async () => {
    expect((await cifar10(folder, { recordsPerFile })).length).toBe(15)
  })
})

describe('cifar10 refuses', () => {
  async function failure(): Promise<SimclrError> {
    const error = await cifar10(root, { recordsPerFile }).catch((reason: unknown) => reason)
    if (SimclrError.isInstance(error)) return error
    throw new Error(`expected a SimclrError, got ${error}`)
  }

  it('a missing file', async () => {
    await rm(join(folder, 'data_batch_4.bin'))
    const error = await failure()
    expect(error.parameter).toContain('data_batch_4.bin')
    expect(error.message).toContain(
      'must be a file of 9219 bytes, got no such file. Unpack cifar-10-binary.tar.gz',
    )
  })

  it('a missing folder', async () => {
    await rm(folder, { recursive: true })
    expect((await failure()).parameter).toContain('data_batch_1.bin')
  })

  it('a file that is cut off', async () => {
    await writeFile(join(folder, 'test_batch.bin'), records(5).subarray(0, 5000))
    expect((await failure()).message).toMatch(
      /test_batch\.bin: must be a file of 9219 bytes, got 5000 bytes\. It is cut off/,
    )
  })

  it('a file that is too long', async () => {
    await writeFile(join(folder, 'data_batch_2.bin'), new Uint8Array(9220))
    expect((await failure()).message).toContain('got 9220 bytes. It is not a CIFAR-10 batch')
  })

  it('a label above 9', async () => {
    const bytes = records(2)
    bytes[2 * RECORD] = 77
    await writeFile(join(folder, 'data_batch_3.bin'), bytes)
    const error = await failure()
    expect(error.parameter).toContain('data_batch_3.bin')
    expect(error.received).toBe('77 in record 2')
  })
})
