import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { datasetTree } from '../__fixtures__/dataset-tree.ts'
import { greyLevels } from '../__fixtures__/grey-levels.ts'
import { recordWarnings } from '../__fixtures__/record-warnings.ts'
import type { Dataset } from '../dataset.ts'
import type { OpenOptions } from './dataset-definition.ts'
import { oxfordPets } from './oxford-pets.ts'

/** Cats with capitals and dogs without; a GIF and a PNG called .jpg; what the real archives have besides. */
const miniature = {
  'images/Abyssinian_34.jpg': { level: 10, format: 'gif' },
  'images/Abyssinian_5.jpg': { level: 20, format: 'png', channels: 4 },
  'images/american_pit_bull_terrier_1.jpg': { level: 30 },
  'images/Bengal_10.jpg': { level: 40 },
  'images/Abyssinian_101.jpg': { level: 99 },
  'images/Abyssinian_101.mat': 'MATLAB 5.0 MAT-file',
  'images/._Bengal_10.jpg': 'Mac OS X',
  'annotations/trainval.txt':
    '#Image CLASS-ID SPECIES BREED ID\nBengal_10 6 1 2\r\namerican_pit_bull_terrier_1  3 2 2\nAbyssinian_5 1 1 1\n',
  'annotations/test.txt': 'Abyssinian_34 1 1 1\n',
  'annotations/list.txt': 'nothing reads this',
  'annotations/._trimaps': 'Mac OS X',
  'annotations/trimaps/._Abyssinian_34.png': 'Mac OS X',
} as const

beforeEach(() => {
  recordWarnings()
})

/** Opens what there is of a copy. */
async function open(folder: string, options: OpenOptions = {}): Promise<Dataset> {
  const dataset = await oxfordPets(folder, { allowPartial: true, threads: 1, ...options })
  onTestFinished(() => dataset.close())
  return dataset
}

describe('oxfordPets', () => {
  it('numbers classes as the lists do, from 0, and names them after their images', async () => {
    const dataset = await open(await datasetTree(miniature))
    expect(dataset.classes.slice(0, 6)).toEqual([
      'Abyssinian',
      '2',
      'american_pit_bull_terrier',
      '4',
      '5',
      'Bengal',
    ])
    expect([...dataset.labels!]).toEqual([5, 2, 0])
    expect([...dataset.split('test').labels!]).toEqual([0])
    expect(await greyLevels(dataset)).toEqual([40, 30, 20])
    expect(await greyLevels(dataset.split('test'))).toEqual([10])
  })

  it('takes the folder that holds oxford-iiit-pet', async () => {
    const inside = Object.entries(miniature).map(([path, content]) => [`oxford-iiit-pet/${path}`, content])
    const root = await datasetTree(Object.fromEntries(inside))
    expect((await open(root)).length).toBe(3)
    expect((await open(join(root, 'oxford-iiit-pet'))).length).toBe(3)
  })

  it('accepts lists of the official size', async () => {
    const lines = (count: number, from: number): string =>
      Array.from({ length: count }, (_, i) => `breed${i % 37}_${from + i} ${(i % 37) + 1} 1 1`).join('\n')
    const root = await datasetTree({
      'annotations/trainval.txt': lines(3680, 0),
      'annotations/test.txt': lines(3669, 10_000),
    })
    await expect(oxfordPets(root)).rejects.toThrow(
      '3680 of 3680 train images, 3669 of 3669 test images missing',
    )
  })

  it.each([
    'Abyssinian_34',
    'Abyssinian_34 0 1 1',
    'Abyssinian_34 38 1 1',
    'Abyssinian_34 1.5 1 1',
    'Abyssinian_34 x',
  ])('refuses the line "%s"', async (line) => {
    const root = await datasetTree({ ...miniature, 'annotations/test.txt': line })
    await expect(open(root)).rejects.toThrow(
      `test.txt: must be lines of an image and a class from 1 to 37, got "${line}". Unpack annotations.tar.gz`,
    )
  })

  it('names the list that is missing and its archive', async () => {
    const root = await datasetTree({ 'images/Abyssinian_34.jpg': { level: 10 } })
    await expect(open(root)).rejects.toThrow(
      /trainval\.txt: must be a file of Oxford-IIIT Pets, got no such file\. Unpack images\.tar\.gz, annotations\.tar\.gz/,
    )
  })
})
