import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { datasetTree } from '../__fixtures__/dataset-tree.ts'
import { greyLevels } from '../__fixtures__/grey-levels.ts'
import { recordWarnings } from '../__fixtures__/record-warnings.ts'
import type { Dataset } from '../dataset.ts'
import { type Sun397Options, sun397 } from './sun397.ts'

/** Classes of two levels, two of which have the same last name; no file is what its name says. */
const images = {
  'SUN397/a/abbey/sun_aaaulhwrhqgejnyt.jpg': { level: 10, format: 'png', channels: 1 },
  'SUN397/c/car_interior/backseat/sun_aacphuqehdodwawg.jpg': { level: 20, format: 'gif' },
  'SUN397/c/church/outdoor/sun_abc.jpg': { level: 30, format: 'png', channels: 4 },
  'SUN397/t/track/outdoor/sun_abc.jpg': { level: 40, channels: 1 },
  'SUN397/t/track/outdoor/._sun_abc.jpg': 'Mac OS X',
} as const
const classNames = '/a/abbey\n/c/car_interior/backseat\n/c/church/outdoor\n/t/track/outdoor\n'
const training =
  '/t/track/outdoor/sun_abc.jpg\n/a/abbey/sun_aaaulhwrhqgejnyt.jpg\n/c/church/outdoor/sun_abc.jpg\n'
const testing = '/c/car_interior/backseat/sun_aacphuqehdodwawg.jpg\n'

beforeEach(() => {
  recordWarnings()
})

/** Opens what there is of a copy. */
async function open(folder: string, options: Sun397Options = {}): Promise<Dataset> {
  const dataset = await sun397(folder, { allowPartial: true, threads: 1, ...options })
  onTestFinished(() => dataset.close())
  return dataset
}

describe('sun397', () => {
  it.each([
    ['SUN397', 'SUN397'],
    ['a folder inside of it', 'SUN397/Partitions'],
    ['a folder beside it', 'Partitions'],
  ])('reads the lists from %s', async (_, place) => {
    const root = await datasetTree({
      ...images,
      'SUN397/ClassName.txt': classNames,
      [`${place}/Training_01.txt`]: training.replaceAll('\n', '\r\n'),
      [`${place}/Testing_01.txt`]: testing,
    })
    for (const folder of [root, join(root, 'SUN397')]) {
      const dataset = await open(folder)
      expect(dataset.classes).toEqual(['abbey', 'car_interior/backseat', 'church/outdoor', 'track/outdoor'])
      expect([...dataset.labels!]).toEqual([3, 0, 2])
      expect([...dataset.split('test').labels!]).toEqual([1])
      expect(await greyLevels(dataset)).toEqual([40, 10, 30])
      expect(await greyLevels(dataset.split('test'))).toEqual([20])
    }
  })

  it('reads another partition', async () => {
    const root = await datasetTree({
      ...images,
      'Partitions/ClassName.txt': classNames,
      'Partitions/Training_10.txt': testing,
      'Partitions/Testing_10.txt': training,
    })
    expect([...(await open(root, { partition: 10 })).labels!]).toEqual([1])
    await expect(open(root)).rejects.toThrow(
      /Training_01\.txt: must be a file of SUN397, got no such file\. Unpack SUN397\.tar\.gz, Partitions\.zip/,
    )
  })

  it.each([
    [0, 'sun397: partition: must be a whole number of at least 1, got 0'],
    [1.5, 'sun397: partition: must be a whole number of at least 1, got 1.5'],
    [11, 'sun397: partition: must be a number between 1 and 10, got 11'],
  ])('refuses partition %s', async (partition, message) => {
    await expect(sun397('/no/folder', { partition })).rejects.toThrow(message)
  })

  it('accepts lists of the official size', async () => {
    const classes = Array.from({ length: 397 }, (_, i) => `/a/place_${i}`)
    const lines = (from: number): string =>
      classes
        .flatMap((name) => Array.from({ length: 50 }, (_, i) => `${name}/sun_${from + i}.jpg`))
        .join('\n')
    const root = await datasetTree({
      'SUN397/ClassName.txt': classes.join('\n'),
      'SUN397/Training_01.txt': lines(0),
      'SUN397/Testing_01.txt': lines(50),
    })
    await expect(sun397(root)).rejects.toThrow(
      '19850 of 19850 train images, 19850 of 19850 test images missing',
    )
  })

  it('refuses a list that names another class', async () => {
    const root = await datasetTree({
      ...images,
      'SUN397/ClassName.txt': classNames,
      'SUN397/Training_01.txt': training.replace('/a/abbey/', '/a/abbey1/'),
      'SUN397/Testing_01.txt': testing,
    })
    await expect(open(root)).rejects.toThrow('got "/a/abbey1"')
  })
})
