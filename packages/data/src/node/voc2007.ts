/** The classification task of Pascal VOC 2007 (Everingham et al. 2010) in its authors' layout. */
import { join } from 'node:path'
import { SimclrError } from '@simclr/core'
import type { Dataset } from '../dataset.ts'
import type { DatasetDefinition, OpenOptions } from './dataset-definition.ts'
import type { ImageList } from './file-dataset.ts'
import { officialDataset } from './official-dataset.ts'
import { optionalSplit } from './optional-split.ts'
import { homeOf, readList } from './read-list.ts'
import { whereToGet } from './where-to-get.ts'

const info: DatasetDefinition['info'] = {
  name: 'voc2007',
  title: 'Pascal VOC 2007',
  homepage: 'http://host.robots.ox.ac.uk/pascal/VOC/voc2007/',
  classes: 20,
  counts: { train: 2_501, validation: 2_510, trainval: 5_011, test: 4_952 },
  metric: '11-point mAP',
  archives: [
    {
      file: 'VOCtrainval_06-Nov-2007.tar',
      bytes: 460_032_000,
      md5: 'c52e279531787c972589f7e41ab4ae64',
      sha256: '7d8cd951101b0957ddfd7a530bdc8a94f06121cfc1e511bb5937e973020c7508',
    },
    {
      file: 'VOCtest_06-Nov-2007.tar',
      bytes: 451_020_800,
      md5: 'b6e924de25625d8de591ea690078ad9f',
      sha256: '6836888e2e01dca84577a849d339fa4f73e1e4f135d312430c4856b5609b4892',
    },
  ],
  layout: `VOCdevkit/VOC2007/JPEGImages/<6 digits>.jpg
VOCdevkit/VOC2007/ImageSets/Main/train.txt  likewise val, trainval and test
VOCdevkit/VOC2007/ImageSets/Main/<class>_train.txt  lines "000012 -1"; likewise val, trainval and test`,
  notes: [
    'Both archives unpack into the same folder.',
    'An image may show several classes. In one where all objects of a class are difficult, that class does not count.',
  ],
}

/** Written out: the class "train" gives files whose names a search would take for others. */
const CLASSES: readonly string[] = [
  'aeroplane',
  'bicycle',
  'bird',
  'boat',
  'bottle',
  'bus',
  'car',
  'cat',
  'chair',
  'cow',
  'diningtable',
  'dog',
  'horse',
  'motorbike',
  'person',
  'pottedplant',
  'sheep',
  'sofa',
  'train',
  'tvmonitor',
]

/**
 * Opens Pascal VOC 2007 for classification: images with several classes each, see {@link Dataset.multiLabels}.
 *
 * @param folder `VOC2007`, `VOCdevkit` that holds it, or the folder that holds that.
 * @returns the training split; close it when done.
 * @throws SimclrError if lists or images are missing, see {@link OpenOptions.allowPartial}, with which a copy without
 * the test archive has no test split; and if the list of a class does not fit its split.
 */
export async function voc2007(folder: string, options: OpenOptions = {}): Promise<Dataset> {
  const home = await homeOf(await homeOf(folder, 'VOCdevkit'), 'VOC2007')
  const lists = join(home, 'ImageSets', 'Main')
  const readSplit = async (split: string): Promise<ImageList> => {
    const ids = await readList(join(lists, `${split}.txt`), info)
    const columns = await Promise.all(
      CLASSES.map((name) => readPresence(join(lists, `${name}_${split}.txt`), ids)),
    )
    return {
      files: ids.map((id) => ({ path: join(home, 'JPEGImages', `${id}.jpg`) })),
      multiLabels: Int8Array.from(ids.flatMap((_, image) => columns.map((column) => column[image]!))),
    }
  }
  return officialDataset({
    ...options,
    info,
    classes: CLASSES,
    splits: {
      train: await readSplit('train'),
      validation: await readSplit('val'),
      trainval: await readSplit('trainval'),
      ...(await optionalSplit('test', join(lists, 'test.txt'), () => readSplit('test'), {
        ...options,
        info,
      })),
    },
  })
}

const PRESENCE: Readonly<Record<string, number>> = { '1': 1, '0': 0, '-1': -1 }

/** Whether each image shows a class: 1, -1, or 0 if all objects of it are difficult. */
async function readPresence(path: string, ids: readonly string[]): Promise<number[]> {
  const lines = await readList(path, info)
  if (lines.length !== ids.length) {
    throw unfitList(path, `${ids.length} lines, one for each image of its split`, String(lines.length))
  }
  return lines.map((line, i) => {
    const [id, value = ''] = line.split(/\s+/)
    if (id === ids[i] && Object.hasOwn(PRESENCE, value)) return PRESENCE[value]!
    throw unfitList(path, `"${ids[i]}" and 1, 0 or -1 in line ${i + 1}`, `"${line}"`)
  })
}

function unfitList(path: string, expected: string, received: string): SimclrError {
  return new SimclrError({
    parameter: `${info.name}: ${path}`,
    expected,
    received,
    remedy: whereToGet(info),
  })
}

export const voc2007Definition: DatasetDefinition = { info, open: voc2007 }
