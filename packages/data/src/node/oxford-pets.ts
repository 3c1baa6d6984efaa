/** Oxford-IIIT Pets (Parkhi et al. 2012) in its authors' layout. */
import { join } from 'node:path'
import { SimclrError } from '@simclr/core'
import type { Dataset } from '../dataset.ts'
import type { DatasetDefinition, OpenOptions } from './dataset-definition.ts'
import type { ImageList } from './file-dataset.ts'
import { officialDataset } from './official-dataset.ts'
import { homeOf, readList } from './read-list.ts'

const info: DatasetDefinition['info'] = {
  name: 'oxford-pets',
  title: 'Oxford-IIIT Pets',
  homepage: 'https://www.robots.ox.ac.uk/~vgg/data/pets/',
  classes: 37,
  counts: { train: 3_680, test: 3_669 },
  metric: 'mean per-class accuracy',
  archives: [
    {
      file: 'images.tar.gz',
      bytes: 791_918_971,
      md5: '5c4f3ee8e5d25df40f4fd59a7f44e54c',
      unpackIn: 'oxford-iiit-pet',
    },
    {
      file: 'annotations.tar.gz',
      bytes: 19_173_078,
      md5: '95a8c909bbe2e81eed6a22bccdf3f68f',
      unpackIn: 'oxford-iiit-pet',
    },
  ],
  layout: `oxford-iiit-pet/images/<breed>_<number>.jpg
oxford-iiit-pet/annotations/trainval.txt  lines Abyssinian_100 1 1 1
oxford-iiit-pet/annotations/test.txt`,
  notes: [
    'Training images are those of the list trainval.',
    'The table of the SimCLR paper prints 3,369 test images; the list has 3,669.',
  ],
}

/** A line of a list. */
interface Listed {
  readonly image: string
  /** 1..37. */
  readonly id: number
}

/**
 * Opens Oxford-IIIT Pets: 37 breeds in the order of their numbers, each named as its images are. A breed that the lists
 * of a partial copy leave out is called by its number.
 *
 * @param folder `oxford-iiit-pet`, the folder that holds it, or any other that holds `images` and `annotations`.
 * @returns the training split; close it when done.
 * @throws SimclrError if lists or images are missing, see {@link OpenOptions.allowPartial}.
 */
export async function oxfordPets(folder: string, options: OpenOptions = {}): Promise<Dataset> {
  const home = await homeOf(folder, 'oxford-iiit-pet')
  const train = await readListed(join(home, 'annotations', 'trainval.txt'))
  const test = await readListed(join(home, 'annotations', 'test.txt'))
  const names = new Map([...train, ...test].map(({ image, id }) => [id, breedOf(image)]))
  const listOf = (lines: readonly Listed[]): ImageList => ({
    files: lines.map(({ image }) => ({ path: join(home, 'images', `${image}.jpg`) })),
    labels: Int32Array.from(lines, ({ id }) => id - 1),
  })
  return officialDataset({
    ...options,
    info,
    classes: Array.from({ length: info.classes }, (_, i) => names.get(i + 1) ?? String(i + 1)),
    splits: { train: listOf(train), test: listOf(test) },
  })
}

async function readListed(path: string): Promise<Listed[]> {
  const lines = await readList(path, info)
  return lines.filter((line) => !line.startsWith('#')).map((line) => parseLine(line, path))
}

/** Image, class, species and breed; `Abyssinian_100 1 1 1`. */
function parseLine(line: string, path: string): Listed {
  const [image, number] = line.split(/\s+/)
  const id = Number(number)
  if (image !== undefined && Number.isInteger(id) && id >= 1 && id <= info.classes) return { image, id }
  throw new SimclrError({
    parameter: `${info.name}: ${path}`,
    expected: `lines of an image and a class from 1 to ${info.classes}`,
    received: `"${line}"`,
    remedy: 'Unpack annotations.tar.gz again.',
  })
}

/** `american_pit_bull_terrier` of `american_pit_bull_terrier_1`. */
function breedOf(image: string): string {
  return image.slice(0, image.lastIndexOf('_'))
}

export const oxfordPetsDefinition: DatasetDefinition = { info, open: oxfordPets }
