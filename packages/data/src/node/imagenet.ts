/** ImageNet (ILSVRC2012) in folders of classes, or in its original archives. */
import { join } from 'node:path'
import type { Dataset } from '../dataset.ts'
import { checkCounts } from './check-counts.ts'
import type { DatasetDefinition, OpenOptions } from './dataset-definition.ts'
import { fileDataset, type ImageList } from './file-dataset.ts'
import { filesByClass } from './files-by-class.ts'
import { firstPresent } from './first-present.ts'
import { imagenetTraining } from './imagenet-training.ts'
import { imagenetValidation } from './imagenet-validation.ts'
import { optionalSplit } from './optional-split.ts'

const info: DatasetDefinition['info'] = {
  name: 'imagenet',
  title: 'ImageNet (ILSVRC2012)',
  homepage: 'https://image-net.org/challenges/LSVRC/2012/',
  classes: 1_000,
  counts: { train: 1_281_167, test: 50_000 },
  archives: [
    { file: 'ILSVRC2012_img_train.tar', bytes: 147_897_477_120, md5: '1d675b47d978889d74fa0da5fadfb00e' },
    { file: 'ILSVRC2012_img_val.tar', bytes: 6_744_924_160, md5: '29b22e2961454d5413ddabcf34fc5622' },
    { file: 'ILSVRC2012_devkit_t12.tar.gz', md5: 'fa75699e90414af021442c21a62c3abf' },
  ],
  layout: `train/<wnid>/*.JPEG  or ILSVRC2012_img_train.tar, which need not be unpacked
val/<wnid>/*.JPEG  or val/*.JPEG or ILSVRC2012_img_val.tar, these two with the next files
ILSVRC2012_devkit_t12/data/ILSVRC2012_validation_ground_truth.txt
ILSVRC2012_devkit_t12/data/meta.mat`,
  notes: [
    'The split "test" is the official validation split, on which results are reported.',
    'Classes are WordNet ids, numbered in sorted order.',
  ],
}

const IMAGE = /\.JPEG$/i

/**
 * Opens ImageNet: 1,281,167 training images of 1,000 classes, which are numbered in the sorted order of their WordNet
 * ids. Folders and archives give the same images in the same order: by class, then by name. Opening folders takes
 * seconds; opening the training archive reads 1.28 million headers, which takes about half a minute.
 *
 * @param folder The folder that holds `train` or `ILSVRC2012_img_train.tar`, and `val` or `ILSVRC2012_img_val.tar`.
 * @param options With `allowPartial`, the classes are those of the training images that there are, and validation
 * images of other classes are left out.
 * @returns the training split; close it when done. Its split `test` is the official validation split.
 * @throws SimclrError if images or labels are missing, see {@link OpenOptions.allowPartial}, and with the place of the
 * damage if an archive is cut off.
 */
export async function imagenet(folder: string, options: OpenOptions = {}): Promise<Dataset> {
  const opening = { ...options, info }
  const training = await imagenetTraining(folder, IMAGE, opening)
  const ids = [...training.keys()].sort()
  const train = filesByClass(ids.map((id) => training.get(id)!))
  const source = await firstPresent([join(folder, 'val'), join(folder, 'ILSVRC2012_img_val.tar')])
  const readTest = async (): Promise<ImageList> =>
    filesByClass(await imagenetValidation(source, ids, IMAGE, opening))
  const { test } = await optionalSplit('test', source, readTest, opening)
  const splits = { train, ...(test && test.files.length > 0 && { test }) }
  const counts = { train: train.files.length, ...(test && { test: test.files.length }) }
  checkCounts(info, { classes: ids.length, ...counts }, options)
  return fileDataset({ ...options, name: info.name, classes: ids, splits })
}

export const imagenetDefinition: DatasetDefinition = { info, open: imagenet }
