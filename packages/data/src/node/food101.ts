/** Food-101 (Bossard et al. 2014) in its authors' layout. */
import { join } from 'node:path'
import type { Dataset } from '../dataset.ts'
import type { DatasetDefinition, OpenOptions } from './dataset-definition.ts'
import type { ImageList } from './file-dataset.ts'
import { officialDataset } from './official-dataset.ts'
import { classNumber, homeOf, readList } from './read-list.ts'

const info: DatasetDefinition['info'] = {
  name: 'food101',
  title: 'Food-101',
  homepage: 'https://data.vision.ee.ethz.ch/cvl/datasets_extra/food-101/',
  classes: 101,
  counts: { train: 75_750, test: 25_250 },
  metric: 'top-1 accuracy',
  archives: [{ file: 'food-101.tar.gz', bytes: 4_996_278_331, md5: '85eeb15f3717b99a5da872d97d918f87' }],
  layout: `food-101/images/<class>/<id>.jpg
food-101/meta/classes.txt
food-101/meta/train.txt  lines apple_pie/1005649
food-101/meta/test.txt`,
  notes: ['The training labels are noisy by intention; the test labels are clean.'],
}

/**
 * Opens Food-101: 750 training and 250 test images of each of 101 classes, named as in `meta/classes.txt`.
 *
 * @param folder `food-101`, or the folder that holds it.
 * @returns the training split; close it when done.
 * @throws SimclrError if lists or images are missing, see {@link OpenOptions.allowPartial}.
 */
export async function food101(folder: string, options: OpenOptions = {}): Promise<Dataset> {
  const home = await homeOf(folder, 'food-101')
  const classes = await readList(join(home, 'meta', 'classes.txt'), info)
  const readSplit = async (name: string): Promise<ImageList> => {
    const ids = await readList(join(home, 'meta', `${name}.txt`), info)
    return {
      files: ids.map((id) => ({ path: join(home, 'images', `${id}.jpg`) })),
      labels: Int32Array.from(ids, (id) => classNumber(id.slice(0, id.lastIndexOf('/')), classes, info)),
    }
  }
  return officialDataset({
    ...options,
    info,
    classes,
    splits: { train: await readSplit('train'), test: await readSplit('test') },
  })
}

export const food101Definition: DatasetDefinition = { info, open: food101 }
