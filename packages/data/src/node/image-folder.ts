/** A folder of image files, with a sub-folder for each class or without classes. */
import { basename, join } from 'node:path'
import { SimclrError } from '@simclr/core'
import type { Dataset } from '../dataset.ts'
import type { DecodingOptions } from './decoding-options.ts'
import { type FileLists, fileDataset, type ImageList } from './file-dataset.ts'
import { listImages, readFolder } from './list-images.ts'

/**
 * Opens a folder of JPEG, PNG, WebP, GIF, TIFF or AVIF files; the format is told by content. Three layouts:
 *
 * - `DIR/<class>/…/image.jpg`: classes are the sub-folders that hold images (at any depth), sorted by name;
 * - `DIR/image.jpg`: no classes, no labels;
 * - `DIR/train/` and `DIR/test/` (or `DIR/val/`), each of the two above: both splits;
 * - `DIR/train/`, `DIR/val/` and `DIR/test/`: splits train, validation, trainval (both together) and test.
 *
 * Images are sorted by path; hidden files are left out. Images become RGB as Pillow converts them, which torchvision's
 * ImageFolder uses: colour values as stored, EXIF orientation and colour profiles ignored, transparency dropped.
 *
 * @returns the training split; close it to end its threads.
 * @throws SimclrError if the folder cannot be read, holds no images, or mixes the layouts. Images are not opened here.
 */
export async function imageFolder(folder: string, options: DecodingOptions = {}): Promise<Dataset> {
  const { folders } = await readFolder(folder)
  const hasSplits = folders.includes('train')
  const train = await listSplit(hasSplits ? join(folder, 'train') : folder)
  const splitOf = async (name: string) =>
    hasSplits && folders.includes(name) ? await listSplit(join(folder, name), train.classes) : undefined
  const [test, validation] = [await splitOf('test'), await splitOf('val')]

  return fileDataset({
    ...options,
    name: `folder:${folder}`,
    classes: train.classes,
    splits: namedSplits(train, validation, test),
    splitRemedy: `Put training images in ${join(folder, 'train')} and test images in ${join(folder, 'test')}.`,
  })
}

/** Validation images are the test images where there are no others. */
function namedSplits(
  train: FolderSplit,
  validation: FolderSplit | undefined,
  test: FolderSplit | undefined,
): FileLists['splits'] {
  if (test === undefined) return { train, ...(validation && { test: validation }) }
  return validation === undefined
    ? { train, test }
    : { train, validation, trainval: joinSplits(train, validation), test }
}

function joinSplits(first: ImageList, second: ImageList): ImageList {
  return {
    files: [...first.files, ...second.files],
    labels: first.labels && second.labels && Int32Array.of(...first.labels, ...second.labels),
  }
}

interface FolderSplit extends ImageList {
  readonly classes: string[]
}

/** @param known Classes of the training split, which give a test split its numbers. */
async function listSplit(folder: string, known?: readonly string[]): Promise<FolderSplit> {
  const { folders, images } = await readFolder(folder)
  const members = await Promise.all(
    folders.map(async (name) => ({ name, paths: await listImages(join(folder, name)) })),
  )
  const filled = members.filter(({ paths }) => paths.length > 0)
  if (images.length > 0 && filled.length > 0) {
    throw new SimclrError({
      parameter: `imageFolder: ${folder}`,
      expected: 'a folder of images or a folder of class folders',
      received: `both: ${images.length} images (${images[0]}, …) beside class folders (${filled[0]!.name}, …)`,
      remedy: 'Move the images into class folders, or elsewhere.',
    })
  }
  if (images.length === 0 && filled.length === 0) {
    throw new SimclrError({
      parameter: `imageFolder: ${folder}`,
      expected:
        'a folder with images (jpg, png, webp, gif, tiff, avif) in it or in sub-folders named after classes',
      received: 'no images',
      remedy: 'Check the path.',
    })
  }
  if (images.length > 0) {
    return { files: images.map((image) => ({ path: join(folder, image) })), labels: undefined, classes: [] }
  }
  const classes = filled.map(({ name }) => name)
  const numbers = filled.map(({ name }) => classNumber(folder, name, known ?? classes))
  return {
    files: filled.flatMap(({ paths }) => paths.map((path) => ({ path }))),
    labels: Int32Array.from(filled.flatMap(({ paths }, i) => paths.map(() => numbers[i]!))),
    classes,
  }
}

function classNumber(folder: string, name: string, classes: readonly string[]): number {
  const number = classes.indexOf(name)
  if (number >= 0) return number
  throw new SimclrError({
    parameter: `imageFolder: ${join(folder, name)}`,
    expected:
      classes.length === 0
        ? 'without class folders, as the training images are'
        : `a class that the training images have too (${classes.slice(0, 3).join(', ')}${classes.length > 3 ? ', …' : ''})`,
    received: `"${name}"`,
    remedy: `Sort the images of ${basename(folder)} into folders named as in train.`,
  })
}
