/** FGVC-Aircraft (Maji et al. 2013, release 2013b) in its authors' layout. */
import { join } from 'node:path'
import { SimclrError } from '@simclr/core'
import type { Dataset } from '../dataset.ts'
import type { DatasetDefinition, OpenOptions } from './dataset-definition.ts'
import type { ImageList } from './file-dataset.ts'
import { officialDataset } from './official-dataset.ts'
import { classNumber, homeOf, readList } from './read-list.ts'

const info: DatasetDefinition['info'] = {
  name: 'fgvc-aircraft',
  title: 'FGVC-Aircraft',
  homepage: 'https://www.robots.ox.ac.uk/~vgg/data/fgvc-aircraft/',
  classes: 100,
  counts: { train: 3_334, validation: 3_333, trainval: 6_667, test: 3_333 },
  metric: 'mean per-class accuracy',
  archives: [{ file: 'fgvc-aircraft-2013b.tar.gz', md5: 'd4acdd33327262359767eeaa97a4f732' }],
  layout: `fgvc-aircraft-2013b/data/images/<7 digits>.jpg
fgvc-aircraft-2013b/data/variants.txt
fgvc-aircraft-2013b/data/images_variant_train.txt  lines 0034309 F/A-18; likewise val, trainval and test`,
  notes: ['A copyright banner fills the lowest 20 rows of each image; it is left in.'],
}

/** List of classes and number of classes by level. */
const LEVELS = {
  variant: { list: 'variants.txt', classes: 100 },
  family: { list: 'families.txt', classes: 70 },
  manufacturer: { list: 'manufacturers.txt', classes: 30 },
} as const

export interface FgvcAircraftOptions extends OpenOptions {
  /** What is a class, from fine to coarse; default `'variant'`, as in the paper. */
  readonly level?: 'variant' | 'family' | 'manufacturer'
}

/**
 * Opens FGVC-Aircraft with its four official splits.
 *
 * @param folder `fgvc-aircraft-2013b`, or the folder that holds it.
 * @returns the training split; close it when done.
 * @throws SimclrError if lists or images are missing, see {@link OpenOptions.allowPartial}, or for an unknown level.
 */
export async function fgvcAircraft(
  folder: string,
  { level = 'variant', ...options }: FgvcAircraftOptions = {},
): Promise<Dataset> {
  checkLevel(level)
  const data = join(await homeOf(folder, 'fgvc-aircraft-2013b'), 'data')
  const classes = await readList(join(data, LEVELS[level].list), info)
  const readSplit = async (split: string): Promise<ImageList> => {
    const lines = await readList(join(data, `images_${level}_${split}.txt`), info)
    // A class may hold blanks and slashes; an image's number is text, for it may begin with zeros.
    const images = lines.map((line) => {
      const blank = line.indexOf(' ')
      return { id: line.slice(0, blank), name: line.slice(blank + 1) }
    })
    return {
      files: images.map(({ id }) => ({ path: join(data, 'images', `${id}.jpg`) })),
      labels: Int32Array.from(images, ({ name }) => classNumber(name, classes, info)),
    }
  }
  return officialDataset({
    ...options,
    info: { ...info, classes: LEVELS[level].classes },
    classes,
    splits: {
      train: await readSplit('train'),
      validation: await readSplit('val'),
      trainval: await readSplit('trainval'),
      test: await readSplit('test'),
    },
  })
}

function checkLevel(level: string): void {
  if (Object.hasOwn(LEVELS, level)) return
  throw new SimclrError({
    parameter: `${info.name}: level`,
    expected: Object.keys(LEVELS).join(', '),
    received: `"${level}"`,
  })
}

export const fgvcAircraftDefinition: DatasetDefinition = { info, open: fgvcAircraft }
