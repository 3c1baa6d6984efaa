/** CIFAR-10 in its official binary layout (https://www.cs.toronto.edu/~kriz/cifar.html, "binary version"). */
import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SimclrError } from '@simclr/core'
import type { Dataset } from '../dataset.ts'
import { type MemorySplit, memoryDataset } from '../memory-dataset.ts'
import type { DatasetDefinition } from './dataset-definition.ts'

const info: DatasetDefinition['info'] = {
  name: 'cifar10',
  title: 'CIFAR-10',
  homepage: 'https://www.cs.toronto.edu/~kriz/cifar.html',
  classes: 10,
  counts: { train: 50_000, test: 10_000 },
  metric: 'top-1 accuracy',
  archives: [
    {
      file: 'cifar-10-binary.tar.gz',
      bytes: 170_052_171,
      md5: 'c32a1d4ab5d03f1284b67883e8d87530',
      sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
    },
  ],
  layout: `cifar-10-batches-bin/data_batch_1.bin  to data_batch_5.bin
cifar-10-batches-bin/test_batch.bin`,
}

const CLASSES = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck']
const FOLDER = 'cifar-10-batches-bin'
const TRAIN_FILES = [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`)
const TEST_FILES = ['test_batch.bin']
const SIDE = 32
const PLANE = SIDE * SIDE
/** A label, then the red, green and blue planes. */
const RECORD = 1 + 3 * PLANE

export interface Cifar10Options {
  /** Images in each of the six files, default 10000 as in the official ones. */
  readonly recordsPerFile?: number
}

/**
 * Reads CIFAR-10 into memory: 50,000 training and 10,000 test images of 32 × 32 in the official order.
 *
 * Sizes and labels are checked, checksums are not, so that derived sets in the same layout can be read.
 *
 * @param folder `cifar-10-batches-bin`, or the folder that holds it.
 * @returns the training split; nothing needs closing.
 * @throws SimclrError naming the file that is missing, too short, too long or holds an impossible label.
 */
export async function cifar10(folder: string, options: Cifar10Options = {}): Promise<Dataset> {
  const { recordsPerFile = 10_000 } = options
  const inside = join(folder, FOLDER)
  const home = await access(inside).then(
    () => inside,
    () => folder,
  )
  return memoryDataset({
    name: 'cifar10',
    imageSize: { height: SIDE, width: SIDE },
    classes: CLASSES,
    train: await readSplit(home, TRAIN_FILES, recordsPerFile),
    test: await readSplit(home, TEST_FILES, recordsPerFile),
  })
}

async function readSplit(folder: string, files: readonly string[], perFile: number): Promise<MemorySplit> {
  const images = new Uint8Array(files.length * perFile * 3 * PLANE)
  const labels = new Int32Array(files.length * perFile)
  for (const [place, file] of files.entries()) {
    const path = join(folder, file)
    const bytes = await readRecords(path, perFile * RECORD)
    for (let i = 0; i < perFile; i++) {
      const record = bytes.subarray(i * RECORD, (i + 1) * RECORD)
      const index = place * perFile + i
      labels[index] = checkLabel(record[0]!, path, i)
      interleave(record.subarray(1), images.subarray(index * 3 * PLANE, (index + 1) * 3 * PLANE))
    }
  }
  return { images, labels }
}

/** Three colour planes to pixels of three bytes. */
function interleave(planes: Uint8Array, pixels: Uint8Array): void {
  for (let pixel = 0; pixel < PLANE; pixel++) {
    pixels[3 * pixel] = planes[pixel]!
    pixels[3 * pixel + 1] = planes[PLANE + pixel]!
    pixels[3 * pixel + 2] = planes[2 * PLANE + pixel]!
  }
}

async function readRecords(path: string, expectedBytes: number): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new SimclrError({
      parameter: `cifar10: ${path}`,
      expected: `a file of ${expectedBytes} bytes`,
      received: error.code === 'ENOENT' ? 'no such file' : error.message,
      remedy: `Unpack cifar-10-binary.tar.gz (the binary version) and give the folder that holds ${FOLDER}.`,
      cause: error,
    })
  })
  if (bytes.length === expectedBytes) return bytes
  throw new SimclrError({
    parameter: `cifar10: ${path}`,
    expected: `a file of ${expectedBytes} bytes`,
    received: `${bytes.length} bytes`,
    remedy:
      bytes.length < expectedBytes
        ? 'It is cut off: unpack the archive again, and download it again if that does not help.'
        : 'It is not a CIFAR-10 batch: unpack cifar-10-binary.tar.gz again.',
  })
}

function checkLabel(label: number, path: string, record: number): number {
  if (label < CLASSES.length) return label
  throw new SimclrError({
    parameter: `cifar10: ${path}`,
    expected: `records that begin with a label from 0 to ${CLASSES.length - 1}`,
    received: `${label} in record ${record}`,
    remedy: 'The file is damaged or of another dataset: unpack cifar-10-binary.tar.gz again.',
  })
}

export const cifar10Definition: DatasetDefinition = { info, open: (folder) => cifar10(folder) }
