/** SUN397 (Xiao et al. 2010) in its authors' layout: the well-sampled scene classes of the SUN database. */
import { join } from 'node:path'
import { checkInteger, checkRange } from '@simclr/core'
import type { Dataset } from '../dataset.ts'
import type { DatasetDefinition, OpenOptions } from './dataset-definition.ts'
import type { ImageList } from './file-dataset.ts'
import { firstPresent } from './first-present.ts'
import { officialDataset } from './official-dataset.ts'
import { classNumber, homeOf, readList } from './read-list.ts'

const info: DatasetDefinition['info'] = {
  name: 'sun397',
  title: 'SUN397',
  homepage: 'https://vision.princeton.edu/projects/2010/SUN/',
  classes: 397,
  counts: { train: 19_850, test: 19_850 },
  metric: 'top-1 accuracy',
  archives: [
    { file: 'SUN397.tar.gz', bytes: 39_077_296_924, md5: '8ca2778205c41d23104230ba66911c7a' },
    {
      file: 'Partitions.zip',
      bytes: 18_293_705,
      sha256: 'e3311ea5f812d4cc6faef194688343d1111f6cd6f70f2c62f393c2b8d6ba1ec9',
      unpackIn: 'SUN397',
    },
  ],
  layout: `SUN397/<letter>/<class>/sun_<16 letters>.jpg
SUN397/ClassName.txt  lines /a/abbey
SUN397/Training_01.txt  lines /a/abbey/sun_aaaulhwrhqgejnyt.jpg; a folder Partitions in SUN397 or beside it will do
SUN397/Testing_01.txt  likewise`,
  notes: [
    'The paper uses the first of ten partitions, 50 training and 50 test images a class.',
    'Files called .jpg hold JPEG, PNG, GIF and BMP; a few are damaged.',
  ],
}

export interface Sun397Options extends OpenOptions {
  /** Which of the ten official partitions, 1..10; default 1, as in the paper. */
  readonly partition?: number
}

/**
 * Opens SUN397: 50 training and 50 test images of each of 397 classes, in the order of `ClassName.txt`. A class is named
 * without its first letter, `/c/car_interior/backseat` is `car_interior/backseat`.
 *
 * @param folder `SUN397`, or the folder that holds it.
 * @returns the training split; close it when done.
 * @throws SimclrError if lists or images are missing, see {@link OpenOptions.allowPartial}, or for another partition.
 */
export async function sun397(
  folder: string,
  { partition = 1, ...options }: Sun397Options = {},
): Promise<Dataset> {
  checkInteger(`${info.name}: partition`, partition, 1)
  checkRange(`${info.name}: partition`, partition, 1, 10)
  const home = await homeOf(folder, 'SUN397')
  const readPlaced = async (file: string): Promise<string[]> => {
    const places = [join(home, 'Partitions'), join(home, '..', 'Partitions'), home]
    return readList(await firstPresent(places.map((place) => join(place, file))), info)
  }
  const folders = await readPlaced('ClassName.txt')
  const readSplit = async (name: string): Promise<ImageList> => {
    const paths = await readPlaced(`${name}_${String(partition).padStart(2, '0')}.txt`)
    return {
      files: paths.map((path) => ({ path: join(home, path) })),
      labels: Int32Array.from(paths, (path) =>
        classNumber(path.slice(0, path.lastIndexOf('/')), folders, info),
      ),
    }
  }
  return officialDataset({
    ...options,
    info,
    classes: folders.map((path) => path.slice('/a/'.length)),
    splits: { train: await readSplit('Training'), test: await readSplit('Testing') },
  })
}

export const sun397Definition: DatasetDefinition = { info, open: sun397 }
