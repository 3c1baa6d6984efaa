/** Tiny ImageNet (Stanford CS231N) in its original layout. */
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Dataset } from '../dataset.ts'
import type { DatasetDefinition, OpenOptions } from './dataset-definition.ts'
import type { ImageList } from './file-dataset.ts'
import { filesByClass } from './files-by-class.ts'
import type { ImageFile } from './image-file.ts'
import { imageNames } from './image-names.ts'
import { officialDataset } from './official-dataset.ts'
import { optionalSplit } from './optional-split.ts'
import { classNumber, homeOf, readList } from './read-list.ts'

const info: DatasetDefinition['info'] = {
  name: 'tiny-imagenet',
  title: 'Tiny ImageNet',
  homepage: 'http://cs231n.stanford.edu/',
  classes: 200,
  counts: { train: 100_000, test: 10_000 },
  archives: [{ file: 'tiny-imagenet-200.zip' }],
  layout: `tiny-imagenet-200/wnids.txt
tiny-imagenet-200/words.txt  class names, optional
tiny-imagenet-200/train/<wnid>/images/*.JPEG
tiny-imagenet-200/val/images/*.JPEG
tiny-imagenet-200/val/val_annotations.txt`,
  notes: [
    'The split "test" is the official validation split: the labels of the official test split are secret.',
  ],
}

/**
 * Opens Tiny ImageNet: 500 training and 50 test images of 64 × 64 of each of 200 classes, which are numbered in the
 * sorted order of their WordNet ids.
 *
 * @param folder `tiny-imagenet-200`, or the folder that holds it.
 * @returns the training split; close it when done. Its split `test` is the official validation split.
 * @throws SimclrError if lists or images are missing, see {@link OpenOptions.allowPartial}.
 */
export async function tinyImagenet(folder: string, options: OpenOptions = {}): Promise<Dataset> {
  const home = await homeOf(folder, 'tiny-imagenet-200')
  const ids = (await readList(join(home, 'wnids.txt'), info)).sort()
  const annotations = join(home, 'val', 'val_annotations.txt')
  const test = await optionalSplit('test', annotations, () => readValidation(annotations, ids), {
    ...options,
    info,
  })
  return officialDataset({
    ...options,
    info,
    classes: await classNames(join(home, 'words.txt'), ids),
    splits: { train: await listTraining(join(home, 'train'), ids, options), ...test },
  })
}

async function listTraining(
  folder: string,
  ids: readonly string[],
  options: OpenOptions,
): Promise<ImageList> {
  const classes: ImageFile[][] = []
  for (const id of ids) {
    const images = join(folder, id, 'images')
    const names = await imageNames(images, /\.JPEG$/i, { ...options, info })
    classes.push(names.map((name) => ({ path: join(images, name) })))
  }
  return filesByClass(classes)
}

/** Lines are the file, its WordNet id and a bounding box, separated by tabs. */
async function readValidation(annotations: string, ids: readonly string[]): Promise<ImageList> {
  const lines = (await readList(annotations, info)).map((line) => line.split('\t'))
  return {
    files: lines.map(([name]) => ({ path: join(annotations, '..', 'images', name!) })),
    labels: Int32Array.from(lines, ([, id]) => classNumber(id ?? '', ids, info)),
  }
}

/** The first of each class's names, or its WordNet id. */
async function classNames(words: string, ids: readonly string[]): Promise<string[]> {
  const present = await access(words).then(
    () => true,
    () => false,
  )
  const lines = present ? await readList(words, info) : []
  const names = new Map(lines.map((line) => line.split('\t') as [string, string]))
  return ids.map((id) => names.get(id)?.split(',')[0]?.trim() || id)
}

export const tinyImagenetDefinition: DatasetDefinition = { info, open: tinyImagenet }
