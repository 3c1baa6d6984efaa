import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { datasetTree } from '../__fixtures__/dataset-tree.ts'
import { greyLevels } from '../__fixtures__/grey-levels.ts'
import { recordWarnings } from '../__fixtures__/record-warnings.ts'
import type { Dataset } from '../dataset.ts'
import type { OpenOptions } from './dataset-definition.ts'
import { food101 } from './food101.ts'
import { openDataset } from './open-dataset.ts'

/** Two classes; an image is grey, one is a PNG, others lie about. */
const miniature = {
  'food-101/meta/classes.txt': 'apple_pie\r\nlobster_roll_sandwich\r\n',
  'food-101/meta/labels.txt': 'Apple pie\nLobster roll sandwich\n',
  'food-101/meta/train.txt': 'lobster_roll_sandwich/99\r\napple_pie/1005649\r\napple_pie/134\r\n\r\n',
  'food-101/meta/test.txt': 'apple_pie/11\nlobster_roll_sandwich/1011328',
  'food-101/images/apple_pie/1005649.jpg': { level: 20, channels: 1 },
  'food-101/images/apple_pie/134.jpg': { level: 30, format: 'png' },
  'food-101/images/apple_pie/11.jpg': { level: 40 },
  'food-101/images/apple_pie/5.jpg': { level: 99 },
  'food-101/images/apple_pie/._11.jpg': 'Mac OS X',
  'food-101/images/.DS_Store': 'Bud1',
  'food-101/images/lobster_roll_sandwich/99.jpg': { level: 10 },
  'food-101/images/lobster_roll_sandwich/1011328.jpg': { level: 50 },
} as const

beforeEach(() => {
  recordWarnings()
})

/** Opens what there is of a copy. */
async function open(folder: string, options: OpenOptions = {}): Promise<Dataset> {
  const dataset = await food101(folder, { allowPartial: true, threads: 1, ...options })
  onTestFinished(() => dataset.close())
  return dataset
}

describe('food101', () => {
  it('reads the lists in their order', async () => {
    const dataset = await open(await datasetTree(miniature))
    expect(dataset.classes).toEqual(['apple_pie', 'lobster_roll_sandwich'])
    expect([...dataset.labels!]).toEqual([1, 0, 0])
    expect([...dataset.split('test').labels!]).toEqual([0, 1])
    expect(await greyLevels(dataset)).toEqual([10, 20, 30])
    expect(await greyLevels(dataset.split('test'))).toEqual([40, 50])
  })

  it('takes its own folder, and a SPEC', async () => {
    const root = await datasetTree(miniature)
    expect((await open(join(root, 'food-101'))).length).toBe(3)
    expect((await openDataset(`food101:${root}`, { allowPartial: true })).length).toBe(3)
  })

  it('accepts lists of the official size', async () => {
    const classes = Array.from({ length: 101 }, (_, i) => `food_${i}`)
    const lines = (count: number, from: number): string =>
      classes.flatMap((name) => Array.from({ length: count }, (_, i) => `${name}/${from + i}`)).join('\n')
    const root = await datasetTree({
      'meta/classes.txt': classes.join('\n'),
      'meta/train.txt': lines(750, 0),
      'meta/test.txt': lines(250, 750),
    })
    await expect(food101(root)).rejects.toThrow(
      '75750 of 75750 train images, 25250 of 25250 test images missing',
    )
  })

  it('refuses lists that are shorter, or name another class', async () => {
    const root = await datasetTree(miniature)
    await expect(food101(root)).rejects.toThrow(
      '101 classes, 75750 train images, 25250 test images, got 2 classes',
    )
    const other = await datasetTree({ ...miniature, 'food-101/meta/test.txt': 'apple_pies/11' })
    await expect(open(other)).rejects.toThrow('got "apple_pies"')
  })

  it('names the list that is missing and its archive', async () => {
    const { 'food-101/meta/test.txt': _, ...others } = miniature
    const message = /meta\/test\.txt: must be a file of Food-101, got no such file\. Unpack food-101\.tar\.gz/
    await expect(open(await datasetTree(others))).rejects.toThrow(message)
  })
})
