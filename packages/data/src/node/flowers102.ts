/** Oxford 102 Flowers (Nilsback & Zisserman 2008) in its authors' layout. */
import { join } from 'node:path'
import type { Dataset } from '../dataset.ts'
import type { DatasetDefinition, OpenOptions } from './dataset-definition.ts'
import type { ImageList } from './file-dataset.ts'
import { labelFromOne } from './label-from-one.ts'
import { readMatFile } from './mat-file.ts'
import { matNumbers } from './mat-value.ts'
import { officialDataset } from './official-dataset.ts'
import { homeOf } from './read-list.ts'

const unpackIn = 'flowers-102'

const info: DatasetDefinition['info'] = {
  name: 'flowers102',
  title: 'Oxford 102 Flowers',
  homepage: 'https://www.robots.ox.ac.uk/~vgg/data/flowers/102/',
  classes: 102,
  counts: { train: 1_020, validation: 1_020, trainval: 2_040, test: 6_149 },
  metric: 'mean per-class accuracy',
  archives: [
    {
      file: '102flowers.tgz',
      bytes: 344_862_509,
      md5: '52808999861908f626f3c1f4e79d11fa',
      sha256: '2d01ecc807db462958cfe3d92f57a8c252b4abd240eb955770201e45f783b246',
      unpackIn,
    },
    {
      file: 'imagelabels.mat',
      bytes: 502,
      md5: 'e0620be6f572b9609742df49c70aed4d',
      sha256: '4903e94206bac23bf772aadf06451916df56b58fc483a62db32a97b82656651d',
      unpackIn,
    },
    {
      file: 'setid.mat',
      bytes: 14_989,
      md5: 'a5357ecc9cb78c4bef273ce3793fc85c',
      sha256: '46b8678f91fd95d3c8f4feab80d271a6c834a1dd896fe29fd3e6ad9ce5c8dccd',
      unpackIn,
    },
  ],
  layout: `flowers-102/jpg/image_00001.jpg  to image_08189.jpg
flowers-102/imagelabels.mat
flowers-102/setid.mat`,
  notes: [
    'Its files number the classes from 1 and do not name them: the class names here are those numbers.',
    'Some programs exchange the small training split and the large test split; here they are as published.',
  ],
}

const CLASSES: readonly string[] = Array.from({ length: info.classes }, (_, i) => String(i + 1))

/**
 * Opens Oxford 102 Flowers: 10 training and 10 validation images of each class, the rest is test.
 *
 * @param folder `flowers-102`, or the folder that holds it.
 * @returns the training split; close it when done.
 */
export async function flowers102(folder: string, options: OpenOptions = {}): Promise<Dataset> {
  const home = await homeOf(folder, 'flowers-102')
  const labelFile = join(home, 'imagelabels.mat')
  const splitFile = join(home, 'setid.mat')
  const { labels } = await readMatFile(labelFile, info)
  const classNumbers = matNumbers(labels, `${info.name}: ${labelFile}: labels`)
  const { trnid, valid, tstid } = await readMatFile(splitFile, info)

  const list = (images: readonly number[]): ImageList => ({
    files: images.map((image) => ({
      path: join(home, 'jpg', `image_${String(image).padStart(5, '0')}.jpg`),
    })),
    labels: Int32Array.from(images, (image) => {
      return labelFromOne(
        classNumbers[image - 1],
        info.classes,
        `${info.name}: ${labelFile}: labels(${image})`,
      )
    }),
  })
  const train = [...matNumbers(trnid, `${info.name}: ${splitFile}: trnid`)]
  const validation = [...matNumbers(valid, `${info.name}: ${splitFile}: valid`)]
  const test = [...matNumbers(tstid, `${info.name}: ${splitFile}: tstid`)]
  return officialDataset({
    ...options,
    info,
    classes: CLASSES,
    splits: {
      train: list(train),
      validation: list(validation),
      trainval: list([...train, ...validation]),
      test: list(test),
    },
  })
}

export const flowers102Definition: DatasetDefinition = { info, open: flowers102 }
