/** STL-10 (Coates, Lee and Ng 2011) in its official binary layout. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { SimclrError } from '@simclr/core'
import type { Dataset } from '../dataset.ts'
import { sourceDataset } from '../source-dataset.ts'
import { checkCounts } from './check-counts.ts'
import type { DatasetDefinition, OpenOptions } from './dataset-definition.ts'
import { interleave } from './interleave.ts'
import { homeOf, missingFile, readList } from './read-list.ts'
import { RecordSource } from './record-source.ts'

const info: DatasetDefinition['info'] = {
  name: 'stl10',
  title: 'STL-10',
  homepage: 'https://cs.stanford.edu/~acoates/stl10/',
  classes: 10,
  counts: { train: 5_000, test: 8_000, unlabeled: 100_000 },
  archives: [{ file: 'stl10_binary.tar.gz', bytes: 2_640_397_119, md5: '91f7769df0f17e558f3565bffb0c7dfb' }],
  layout: `stl10_binary/train_X.bin  and train_y.bin
stl10_binary/test_X.bin  and test_y.bin
stl10_binary/unlabeled_X.bin
stl10_binary/class_names.txt
stl10_binary/fold_indices.txt`,
  notes: [
    'Official protocol: train on each of the ten folds of 1,000 images and report the mean of the ten test accuracies.',
  ],
}

const SIZE = { height: 96, width: 96 }
const RECORD = 3 * SIZE.height * SIZE.width
const FOLDS = 10
const FOLD_SIZE = 1_000

export interface Stl10Dataset extends Dataset {
  /** The ten official parts of the training split: 1,000 positions each, for `subset`. They overlap. */
  readonly folds: readonly Int32Array[]
}

/**
 * Opens STL-10: 5,000 training, 8,000 test and 100,000 unlabelled images of 96 × 96, which come whole. They stay in
 * their files until a batch needs them.
 *
 * @param folder `stl10_binary`, or the folder that holds it.
 * @param options Only `allowPartial` has a meaning here: files may hold fewer images, those of `test` and `unlabeled`
 * may be absent, and folds leave out images that there are not.
 * @returns the training split with its folds; nothing needs closing.
 * @throws SimclrError naming the file that is missing, of a wrong size, or holds an impossible label or position.
 */
export async function stl10(folder: string, options: OpenOptions = {}): Promise<Stl10Dataset> {
  const home = await homeOf(folder, 'stl10_binary')
  const classes = await readList(join(home, 'class_names.txt'), info)
  const openSplit = async (
    split: 'train' | 'test' | 'unlabeled',
    optional = false,
  ): Promise<RecordSource> => {
    const path = join(home, `${split}_X.bin`)
    const length = await countRecords(path, optional)
    const labelled = split !== 'unlabeled' && length > 0
    return new RecordSource({
      name: info.name,
      path,
      length,
      recordBytes: RECORD,
      imageSize: SIZE,
      labels: labelled ? await readLabels(join(home, `${split}_y.bin`), length) : undefined,
      decode: (record, pixels) => interleave(record, pixels, SIZE, 'columns'),
    })
  }
  const train = await openSplit('train')
  const test = await openSplit('test', options.allowPartial)
  const unlabeled = await openSplit('unlabeled', options.allowPartial)
  const counts = { train: train.length, test: test.length, unlabeled: unlabeled.length }
  checkCounts(info, { classes: classes.length, ...counts }, options)
  const dataset = sourceDataset({
    name: info.name,
    classes,
    splits: { train, ...(test.length > 0 && { test }), ...(unlabeled.length > 0 && { unlabeled }) },
    splitRemedy: `Unpack ${info.archives[0]!.file} again.`,
    close: async () => {},
  })
  return Object.assign(dataset, { folds: await readFolds(join(home, 'fold_indices.txt'), train.length) })
}

async function countRecords(path: string, optional: boolean): Promise<number> {
  const bytes = await stat(path).then(
    ({ size }) => size,
    (error: NodeJS.ErrnoException) => {
      if (optional && error.code === 'ENOENT') return 0
      throw missingFile(path, info, error)
    },
  )
  if (bytes % RECORD === 0 && (bytes > 0 || optional)) return bytes / RECORD
  throw damaged(path, `whole records of ${RECORD} bytes`, `${bytes} bytes`)
}

/** Labels are 1..10 in the file. */
async function readLabels(path: string, count: number): Promise<Int32Array> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw missingFile(path, info, error)
  })
  if (bytes.length !== count) throw damaged(path, `one byte per image, ${count}`, `${bytes.length} bytes`)
  const wrong = bytes.findIndex((label) => label < 1 || label > info.classes)
  if (wrong < 0) return Int32Array.from(bytes, (label) => label - 1)
  throw damaged(path, `labels from 1 to ${info.classes}`, `${bytes[wrong]} for image ${wrong}`)
}

/** @param length Training images that there are. */
async function readFolds(path: string, length: number): Promise<Int32Array[]> {
  const lines = await readList(path, info)
  if (lines.length !== FOLDS) throw damaged(path, `${FOLDS} lines`, String(lines.length))
  return lines.map((line, fold) => {
    const positions = line.split(/\s+/).map(Number)
    if (positions.length !== FOLD_SIZE) {
      throw damaged(path, `${FOLD_SIZE} positions a line`, `${positions.length} in line ${fold + 1}`)
    }
    const valid = (position: number): boolean =>
      Number.isInteger(position) && position >= 0 && position < info.counts.train
    const wrong = positions.find((position) => !valid(position))
    if (wrong !== undefined) {
      throw damaged(path, `positions from 0 to ${info.counts.train - 1}`, `${wrong} in line ${fold + 1}`)
    }
    return Int32Array.from(positions.filter((position) => position < length))
  })
}

function damaged(path: string, expected: string, received: string): SimclrError {
  return new SimclrError({
    parameter: `${info.name}: ${path}`,
    expected,
    received,
    remedy: `It is damaged or of another dataset: unpack ${info.archives[0]!.file} again.`,
  })
}

export const stl10Definition: DatasetDefinition = { info, open: stl10 }
