/** CIFAR-10 in its official binary layout (https://www.cs.toronto.edu/~kriz/cifar.html, "binary version"). */
import { join } from 'node:path'
import type { Dataset } from '../dataset.ts'
import { type MemorySplit, memoryDataset } from '../memory-dataset.ts'
import { CIFAR_SIZE, readCifarRecords } from './cifar-records.ts'
import type { DatasetDefinition } from './dataset-definition.ts'
import { homeOf } from './read-list.ts'

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
  const home = await homeOf(folder, FOLDER)
  const readSplit = (files: readonly string[]): Promise<MemorySplit> => {
    const paths = files.map((file) => join(home, file))
    return readCifarRecords({ info, paths, recordsPerFile, labelClasses: [CLASSES.length], labelByte: 0 })
  }
  return memoryDataset({
    name: info.name,
    imageSize: CIFAR_SIZE,
    classes: CLASSES,
    train: await readSplit(TRAIN_FILES),
    test: await readSplit(TEST_FILES),
  })
}

export const cifar10Definition: DatasetDefinition = { info, open: (folder) => cifar10(folder) }
