/** Caltech-101 (Fei-Fei et al. 2004) in its authors' layout, with the random split of the transfer protocol. */
import { access, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { RandomKey, SimclrError } from '@simclr/core'
import type { Dataset } from '../dataset.ts'
import type { DatasetDefinition, OpenOptions } from './dataset-definition.ts'
import type { ImageList } from './file-dataset.ts'
import { firstPresent } from './first-present.ts'
import { officialDataset } from './official-dataset.ts'
import { classNumber, missingFile, readList } from './read-list.ts'

const FOLDER = '101_ObjectCategories'
/** Training images a class (paper, appendix B.8). */
const PER_CLASS = 30

const info: DatasetDefinition['info'] = {
  name: 'caltech101',
  title: 'Caltech-101',
  homepage: 'https://data.caltech.edu/records/mzrjq-6wc02',
  classes: 102,
  counts: { train: 3_060, test: 6_084 },
  metric: 'mean per-class accuracy',
  archives: [{ file: 'caltech-101.zip', bytes: 137_414_764, md5: '3138e1922a9193bfa496528edbbc45d0' }],
  layout: `caltech-101/101_ObjectCategories/<class>/image_<4 digits>.jpg  unpack 101_ObjectCategories.tar.gz of the zip`,
  notes: [
    'The 102 classes include BACKGROUND_Google, as in the paper.',
    'There is no official split: 30 images a class are drawn by a seed, the others are the test images.',
  ],
}

export interface Caltech101Options extends OpenOptions {
  /** Decides which images are for training, default 0. */
  readonly seed?: number
  /** A text file that names the training images instead, as {@link caltech101TrainList} gives them. */
  readonly trainList?: string
}

/**
 * Opens Caltech-101: classes are the folders, sorted by name; 30 images of each are for training, the others for test.
 *
 * @param folder `101_ObjectCategories`, `caltech-101` or `caltech101` with it inside, or the folder that holds one.
 * @returns the training split; close it when done.
 * @throws SimclrError if images are missing, see {@link OpenOptions.allowPartial}, or if the list cannot be read.
 */
export async function caltech101(
  folder: string,
  { seed = 0, trainList, ...options }: Caltech101Options = {},
): Promise<Dataset> {
  const home = await findHome(folder)
  const images = await listImages(home)
  const train = trainList === undefined ? drawTrainList(images, seed) : await readTrainList(trainList)
  const classes = [...new Set([...images, ...train].map(classOf))].sort()
  const listOf = (names: readonly string[]): ImageList => ({
    files: names.map((name) => ({ path: join(home, name) })),
    labels: Int32Array.from(names, (name) => classNumber(classOf(name), classes, info)),
  })
  const forTraining = new Set(train)
  return officialDataset({
    ...options,
    info,
    classes,
    splits: { train: listOf(train), test: listOf(images.filter((name) => !forTraining.has(name))) },
  })
}

/**
 * The training images that a seed draws: 30 of each class without replacement, all of a class that has no more. They
 * depend on the seed and on the names of the class's images, so that equal copies give equal lists on every machine.
 *
 * @param folder As for {@link caltech101}.
 * @returns the lines of a list, `accordion/image_0001.jpg`, sorted; write them to a file for `trainList`.
 * @throws SimclrError if there are no images.
 */
export async function caltech101TrainList(
  folder: string,
  { seed = 0 }: Pick<Caltech101Options, 'seed'> = {},
): Promise<string[]> {
  return drawTrainList(await listImages(await findHome(folder)), seed)
}

function drawTrainList(images: readonly string[], seed: number): string[] {
  const key = RandomKey.fromSeed(seed).fold(info.name)
  return [...new Set(images.map(classOf))].flatMap((name) => {
    const members = images.filter((image) => classOf(image) === name)
    const order = key.fold(name).permutation(members.length)
    return Array.from(order.subarray(0, PER_CLASS).sort(), (place) => members[place]!)
  })
}

async function readTrainList(path: string): Promise<string[]> {
  await access(path).catch((cause: NodeJS.ErrnoException) => {
    throw new SimclrError({
      parameter: `${info.name}: trainList`,
      expected: 'a text file of lines like accordion/image_0001.jpg',
      received: `${path}, ${cause.code === 'ENOENT' ? 'which does not exist' : cause.message}`,
      remedy: 'Write what caltech101TrainList returns, or leave the option out to draw by the seed.',
      cause,
    })
  })
  return readList(path, info)
}

function findHome(folder: string): Promise<string> {
  const above = ['caltech-101', 'caltech101', '.']
  return firstPresent([...above.map((name) => join(folder, name, FOLDER)), folder])
}

/** `class/image_0001.jpg` of every image, sorted; other files are left out. */
async function listImages(home: string): Promise<string[]> {
  const unreadable = (cause: NodeJS.ErrnoException): never => {
    throw missingFile(home, info, cause)
  }
  const entries = await readdir(home, { withFileTypes: true }).catch(unreadable)
  const classes = entries.filter((entry) => !entry.isFile()).map(({ name }) => name)
  const names = await Promise.all(
    classes.sort().map(async (name) => {
      const files = await readdir(join(home, name))
      return files.filter(isImage).map((file) => `${name}/${file}`)
    }),
  )
  const images = names.flatMap((members) => members.sort())
  if (images.length > 0) return images
  throw new SimclrError({
    parameter: `${info.name}: ${home}`,
    expected: 'a folder of class folders that hold .jpg files',
    received: 'no images',
    remedy: 'Unpack 101_ObjectCategories.tar.gz of caltech-101.zip again.',
  })
}

/** Not the copies of macOS's file attributes. */
function isImage(file: string): boolean {
  return /\.jpg$/i.test(file) && !file.startsWith('.')
}

/** `accordion` of `accordion/image_0001.jpg`. */
function classOf(name: string): string {
  return name.slice(0, name.indexOf('/'))
}

export const caltech101Definition: DatasetDefinition = { info, open: caltech101 }
