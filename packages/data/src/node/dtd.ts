/** The Describable Textures Dataset (Cimpoi et al. 2014, release 1.0.1) in its authors' layout. */
import { join } from 'node:path'
import { checkInteger, checkRange } from '@simclr/core'
import type { Dataset } from '../dataset.ts'
import type { DatasetDefinition, OpenOptions } from './dataset-definition.ts'
import type { ImageList } from './file-dataset.ts'
import { officialDataset } from './official-dataset.ts'
import { classNumber, homeOf, readList } from './read-list.ts'

const info: DatasetDefinition['info'] = {
  name: 'dtd',
  title: 'Describable Textures Dataset',
  homepage: 'https://www.robots.ox.ac.uk/~vgg/data/dtd/',
  classes: 47,
  counts: { train: 1_880, validation: 1_880, trainval: 3_760, test: 1_880 },
  metric: 'top-1 accuracy',
  archives: [{ file: 'dtd-r1.0.1.tar.gz', bytes: 625_239_812, md5: 'fff73e5086ae6bdbea199a49dfb8a4c1' }],
  layout: `dtd/images/<class>/<class>_<number>.jpg
dtd/labels/train1.txt  lines banded/banded_0002.jpg
dtd/labels/val1.txt
dtd/labels/test1.txt`,
  notes: ['The paper uses the first of ten partitions, 40 images a class in each split.'],
}

export interface DtdOptions extends OpenOptions {
  /** Which of the ten official partitions, 1..10; default 1, as in the paper. */
  readonly partition?: number
}

/**
 * Opens DTD with its official splits: 40 images of each of 47 classes in train, validation and test. Classes are those
 * that the lists name, sorted; only listed images count.
 *
 * @param folder `dtd`, `dtd/dtd` or the folder that holds it.
 * @returns the training split; close it when done.
 * @throws SimclrError if lists or images are missing, see {@link OpenOptions.allowPartial}, or for another partition.
 */
export async function dtd(folder: string, { partition = 1, ...options }: DtdOptions = {}): Promise<Dataset> {
  checkInteger(`${info.name}: partition`, partition, 1)
  checkRange(`${info.name}: partition`, partition, 1, 10)
  const home = await homeOf(folder, 'dtd')
  const readNames = (split: string): Promise<string[]> =>
    readList(join(home, 'labels', `${split}${partition}.txt`), info)
  const train = await readNames('train')
  const validation = await readNames('val')
  const test = await readNames('test')
  const classes = [...new Set([...train, ...validation, ...test].map(classOf))].sort()
  const listOf = (names: readonly string[]): ImageList => ({
    files: names.map((name) => ({ path: join(home, 'images', name) })),
    labels: Int32Array.from(names, (name) => classNumber(classOf(name), classes, info)),
  })
  return officialDataset({
    ...options,
    info,
    classes,
    splits: {
      train: listOf(train),
      validation: listOf(validation),
      trainval: listOf([...train, ...validation]),
      test: listOf(test),
    },
  })
}

/** `banded` of `banded/banded_0002.jpg`. */
function classOf(name: string): string {
  return name.slice(0, name.indexOf('/'))
}

export const dtdDefinition: DatasetDefinition = { info, open: dtd }
