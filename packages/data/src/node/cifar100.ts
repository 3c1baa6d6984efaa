/** CIFAR-100 in its official binary layout (https://www.cs.toronto.edu/~kriz/cifar.html, "binary version"). */
import { join } from 'node:path'
import { SimclrError } from '@simclr/core'
import type { Dataset } from '../dataset.ts'
import { type MemorySplit, memoryDataset } from '../memory-dataset.ts'
import { CIFAR_SIZE, readCifarRecords } from './cifar-records.ts'
import type { DatasetDefinition } from './dataset-definition.ts'
import { homeOf, readList } from './read-list.ts'

const RECORDS = { train: 50_000, test: 10_000 }

const info: DatasetDefinition['info'] = {
  name: 'cifar100',
  title: 'CIFAR-100',
  homepage: 'https://www.cs.toronto.edu/~kriz/cifar.html',
  classes: 100,
  counts: RECORDS,
  metric: 'top-1 accuracy',
  archives: [
    {
      file: 'cifar-100-binary.tar.gz',
      bytes: 168_513_733,
      sha256: '58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec',
    },
  ],
  layout: `cifar-100-binary/train.bin
cifar-100-binary/test.bin
cifar-100-binary/fine_label_names.txt
cifar-100-binary/coarse_label_names.txt`,
  notes: ['Labels are the 100 fine classes, as in the transfer protocol; the 20 coarse ones are an option.'],
}

/** The label bytes of a record, in their order. */
const LABELS = [
  { kind: 'coarse', classes: 20 },
  { kind: 'fine', classes: 100 },
] as const

export interface Cifar100Options {
  /** The 100 classes or the 20 superclasses, default `'fine'`. */
  readonly labels?: 'fine' | 'coarse'
  /** Images in each of the two files, default 50000 and 10000 as in the official ones. */
  readonly records?: Readonly<typeof RECORDS>
}

/**
 * Reads CIFAR-100 into memory: 50,000 training and 10,000 test images of 32 × 32 in the official order.
 *
 * Sizes and labels are checked, checksums are not, so that derived sets in the same layout can be read.
 *
 * @param folder `cifar-100-binary`, or the folder that holds it.
 * @returns the training split; nothing needs closing.
 * @throws SimclrError naming the file that is missing, too short, too long or holds an impossible label, or a list of
 * names of another length.
 */
export async function cifar100(folder: string, options: Cifar100Options = {}): Promise<Dataset> {
  const { labels = 'fine', records = RECORDS } = options
  const home = await homeOf(folder, 'cifar-100-binary')
  const labelByte = LABELS.findIndex(({ kind }) => kind === labels)
  const classes = await readNames(join(home, `${labels}_label_names.txt`), LABELS[labelByte]!.classes)
  const readSplit = (split: 'train' | 'test'): Promise<MemorySplit> =>
    readCifarRecords({
      info,
      paths: [join(home, `${split}.bin`)],
      recordsPerFile: records[split],
      labelClasses: LABELS.map((label) => label.classes),
      labelByte,
    })
  return memoryDataset({
    name: info.name,
    imageSize: CIFAR_SIZE,
    classes,
    train: await readSplit('train'),
    test: await readSplit('test'),
  })
}

async function readNames(path: string, count: number): Promise<string[]> {
  const names = await readList(path, info)
  if (names.length === count) return names
  throw new SimclrError({
    parameter: `${info.name}: ${path}`,
    expected: `${count} class names`,
    received: String(names.length),
    remedy: `Unpack ${info.archives[0]!.file} again.`,
  })
}

export const cifar100Definition: DatasetDefinition = { info, open: (folder) => cifar100(folder) }
