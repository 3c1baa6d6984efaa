import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { datasetTree } from '../__fixtures__/dataset-tree.ts'
import { greyLevels } from '../__fixtures__/grey-levels.ts'
import { recordWarnings } from '../__fixtures__/record-warnings.ts'
import type { Dataset } from '../dataset.ts'
import { birdsnap } from './birdsnap.ts'
import type { OpenOptions } from './dataset-definition.ts'

const url = 'http://example.org/1.jpg'
const boxes = '1\t2\t300\t400\tnull\tnull'
const header = 'url\tmd5\tpath\tspecies_id\tbb_x1\tbb_y1\tbb_x2\tbb_y2\tback_x\tback_y'
const miniature = {
  'birdsnap/species.txt':
    "id\tcommon\tscientific\tdir\n1\tClark's Grebe\tAechmophorus clarkii\tClarks_Grebe\n" +
    '2\tBlack-and-white Warbler\tMniotilta varia\tBlack_and_white_Warbler\n',
  'birdsnap/images.txt': [
    header,
    `${url}\tab\tBlack_and_white_Warbler/12.jpg\t2\t${boxes}`,
    `${url}\tcd\tClarks_Grebe/405.jpg\t1\t${boxes}`,
    `${url}\tef\tClarks_Grebe/7.jpg\t1\t${boxes}`,
    `${url}\tgh\tBlack_and_white_Warbler/3.jpg\t2\t${boxes}`,
  ].join('\r\n'),
  'birdsnap/test_images.txt': 'path\nClarks_Grebe/405.jpg\n',
  'birdsnap/download/images/Black_and_white_Warbler/12.jpg': { level: 10 },
  'birdsnap/download/images/Black_and_white_Warbler/3.jpg': { level: 40, format: 'gif' },
  'birdsnap/download/images/Clarks_Grebe/405.jpg': { level: 20 },
  'birdsnap/download/images/Clarks_Grebe/7.jpg': { level: 30, channels: 1 },
  'birdsnap/download/success.txt': `${url}\tClarks_Grebe/7.jpg\n`,
} as const

beforeEach(() => {
  recordWarnings()
})

/** Opens what there is of a copy. */
async function open(folder: string, options: OpenOptions = {}): Promise<Dataset> {
  const dataset = await birdsnap(folder, { allowPartial: true, threads: 1, ...options })
  onTestFinished(() => dataset.close())
  return dataset
}

describe('birdsnap', () => {
  it('takes what is not for test for training', async () => {
    const root = await datasetTree(miniature)
    for (const folder of [root, join(root, 'birdsnap')]) {
      const dataset = await open(folder)
      expect(dataset.classes).toEqual(["Clark's Grebe", 'Black-and-white Warbler'])
      expect([...dataset.labels!]).toEqual([1, 0, 1])
      expect([...dataset.split('test').labels!]).toEqual([0])
      expect(await greyLevels(dataset)).toEqual([10, 30, 40])
      expect(await greyLevels(dataset.split('test'))).toEqual([20])
    }
  })

  it('finds columns by name', async () => {
    const root = await datasetTree({
      ...miniature,
      'birdsnap/species.txt': 'scientific\tid\nMniotilta varia\t2\nAechmophorus clarkii\t1\n',
      'birdsnap/images.txt':
        'species_id\tpath\n2\tBlack_and_white_Warbler/12.jpg\n1\tClarks_Grebe/7.jpg\n1\tClarks_Grebe/405.jpg\n',
    })
    const dataset = await open(root)
    expect(dataset.classes).toEqual(['Black_and_white_Warbler', 'Clarks_Grebe'])
    expect([...dataset.labels!]).toEqual([0, 1])
  })

  it('accepts lists of the official size, and says why images are missing', async () => {
    const species = Array.from({ length: 500 }, (_, i) => `${i + 1}\tBird ${i + 1}`)
    const paths = Array.from({ length: 47_386 + 2443 }, (_, i) => `Bird_${(i % 500) + 1}/${i}.jpg`)
    const root = await datasetTree({
      'species.txt': ['id\tcommon', ...species].join('\n'),
      'images.txt': ['path\tspecies_id', ...paths.map((path, i) => `${path}\t${(i % 500) + 1}`)].join('\n'),
      'test_images.txt': ['path', ...paths.filter((_, i) => i % 20 === 0).slice(0, 2443)].join('\n'),
    })
    await expect(birdsnap(root)).rejects.toThrow(
      /47386 of 47386 train images, 2443 of 2443 test images missing.* Many of its web addresses are gone/,
    )
  })

  it('opens what is left of the images, and skips what is none', async () => {
    const warnings = recordWarnings()
    const { 'birdsnap/download/images/Clarks_Grebe/7.jpg': _, ...others } = miniature
    const broken = { 'birdsnap/download/images/Black_and_white_Warbler/12.jpg': '<html>This photo is gone' }
    const dataset = await open(await datasetTree({ ...others, ...broken }), { onError: 'skip' })
    expect(await greyLevels(dataset)).toEqual([40])
    expect(warnings).toEqual([
      expect.stringContaining('3 train images, 1 test images instead of 500 classes'),
      expect.stringContaining('birdsnap: without 1 of 3 train images that are missing'),
      expect.stringContaining('Black_and_white_Warbler/12.jpg'),
    ])
  })

  it.each([
    [
      'images.txt',
      'path\nClarks_Grebe/7.jpg',
      'a first line with the columns path, species_id, got no species_id',
    ],
    [
      'images.txt',
      'path\tspecies_id\nClarks_Grebe/7.jpg',
      '"Clarks_Grebe/7.jpg" as line 2. Unpack birdsnap.tgz',
    ],
    ['images.txt', 'path\tspecies_id\nClarks_Grebe/7.jpg\t9', 'must be one of 2 (1, 2, …), got "9"'],
    ['test_images.txt', 'Clarks_Grebe/405.jpg', 'a first line with the columns path, got no path'],
    ['species.txt', '', 'species.txt: must be a list, got an empty file'],
  ])('refuses %s of "%s"', async (file, text, message) => {
    const root = await datasetTree({ ...miniature, [`birdsnap/${file}`]: text })
    await expect(open(root)).rejects.toThrow(message)
  })
})
