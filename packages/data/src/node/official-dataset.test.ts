import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { datasetTree, type SmallImage } from '../__fixtures__/dataset-tree.ts'
import { greyLevels } from '../__fixtures__/grey-levels.ts'
import { recordWarnings } from '../__fixtures__/record-warnings.ts'
import type { Dataset } from '../dataset.ts'
import type { DatasetInfo } from './dataset-definition.ts'
import type { ImageList } from './file-dataset.ts'
import { type OfficialDatasetOptions, officialDataset } from './official-dataset.ts'

const info: DatasetInfo = {
  name: 'birds',
  title: 'Birds of Test',
  homepage: 'https://example.org/',
  classes: 2,
  counts: { train: 3, validation: 1, test: 2 },
  archives: [{ file: 'birds.tgz' }],
  layout: 'images/',
}
const TRAIN = ['a/1.jpg', 'b/2.jpg', 'a/3.jpg']
const TEST = ['b/4.jpg', 'a/5.jpg']

/** Ten grey levels a number: `a/3.jpg` is 30. */
function images(...names: readonly string[]): Record<string, SmallImage> {
  return Object.fromEntries(names.map((name) => [name, { level: 10 * Number(name.slice(2, 3)) }]))
}

function listOf(root: string, names: readonly string[]): ImageList {
  return {
    files: names.map((name) => ({ path: join(root, name) })),
    labels: Int32Array.from(names, (name) => (name.startsWith('a') ? 0 : 1)),
  }
}

async function open(
  root: string,
  { train = TRAIN, test = TEST }: { train?: string[]; test?: string[] } = {},
  options: Partial<OfficialDatasetOptions> = {},
): Promise<Dataset> {
  const splits = { train: listOf(root, train), test: listOf(root, test) }
  const dataset = await officialDataset({ info, classes: ['a', 'b'], splits, threads: 1, ...options })
  onTestFinished(() => dataset.close())
  return dataset
}

describe('officialDataset', () => {
  it('opens a complete copy in the order of its lists, without a warning', async () => {
    const warnings = recordWarnings()
    const dataset = await open(await datasetTree(images(...TRAIN, ...TEST)))
    expect([dataset.name, dataset.length, ...dataset.splits]).toEqual(['birds', 3, 'train', 'test'])
    expect([...dataset.labels!]).toEqual([0, 1, 0])
    expect([...dataset.split('test').labels!]).toEqual([1, 0])
    expect(await greyLevels(dataset)).toEqual([10, 20, 30])
    expect(await greyLevels(dataset.split('test'))).toEqual([40, 50])
    expect(warnings).toEqual([])
  })

  it.each<[string, { train?: string[]; test?: string[] }, string]>([
    ['train', { train: TRAIN.slice(1) }, '3 train images, got 2 train images'],
    ['test', { test: [...TEST, 'a/6.jpg'] }, '2 test images, got 3 test images'],
    [
      'both',
      { train: ['a/1.jpg'], test: ['b/4.jpg'] },
      '3 train images, 2 test images, got 1 train images, 1',
    ],
  ])('refuses lists of other counts: %s', async (_, lists, message) => {
    const warnings = recordWarnings()
    const root = await datasetTree(images(...TRAIN, ...TEST, 'a/6.jpg'))
    await expect(open(root, lists)).rejects.toThrow(`birds: lists: must be ${message}`)
    await expect(open(root, lists)).rejects.toThrow('--allow-partial')
    expect((await open(root, lists, { allowPartial: true })).length).toBe(lists.train?.length ?? 3)
    expect(warnings).toEqual([expect.stringMatching(/^birds: .* instead of /)])
  })

  it('refuses another number of classes', async () => {
    const root = await datasetTree(images(...TRAIN, ...TEST))
    await expect(open(root, {}, { classes: ['a', 'b', 'c'] })).rejects.toThrow('2 classes, got 3 classes')
  })

  it.each([
    ['train', { train: ['a/1.jpg', 'b/2.jpg', 'a/1.jpg'] }],
    ['test', { test: ['b/4.jpg', 'b/4.jpg'] }],
  ])('refuses an image twice in %s, also of a partial copy', async (split, lists) => {
    const root = await datasetTree(images(...TRAIN, ...TEST))
    const message = `birds: ${split} list: must be each image once, got ${root}`
    await expect(open(root, lists)).rejects.toThrow(message)
    await expect(open(root, lists, { allowPartial: true })).rejects.toThrow(message)
  })

  it('refuses an image in both train and test, also of a partial copy', async () => {
    const root = await datasetTree(images(...TRAIN, ...TEST))
    const lists = { test: ['b/4.jpg', 'a/3.jpg'] }
    const message = `birds: test list: must be images that are not in the training list, got ${root}/a/3.jpg in both`
    await expect(open(root, lists)).rejects.toThrow(message)
    await expect(open(root, lists, { allowPartial: true })).rejects.toThrow(message)
  })

  it('allows trainval to repeat train and validation', async () => {
    const root = await datasetTree(images(...TRAIN, ...TEST, 'b/7.jpg'))
    const splits = {
      train: listOf(root, TRAIN),
      validation: listOf(root, ['b/7.jpg']),
      trainval: listOf(root, [...TRAIN, 'b/7.jpg']),
      test: listOf(root, TEST),
    }
    const dataset = await open(root, {}, { splits })
    expect(await greyLevels(dataset.split('trainval'))).toEqual([10, 20, 30, 70])
  })
})

describe('missing images', () => {
  const FOUND = ['a/1.jpg', 'a/3.jpg', 'a/5.jpg']
  const COUNTS = '1 of 3 train images, 1 of 2 test images'

  it('are an error that counts them and names the first', async () => {
    const root = await datasetTree(images(...FOUND))
    await expect(open(root)).rejects.toThrow(
      `birds: image files: must be every image of its lists, got ${COUNTS} missing, the first ${root}/b/2.jpg. ` +
        '"simclr data info birds" shows the archives and where to unpack them. To go on',
    )
    await expect(open(root, {}, { missingImages: 'That is common.' })).rejects.toThrow(
      'b/2.jpg. That is common. "simclr data info',
    )
  })

  it('are left out with allowPartial, with one warning', async () => {
    const warnings = recordWarnings()
    const root = await datasetTree(images(...FOUND))
    const dataset = await open(root, {}, { allowPartial: true })
    expect(warnings).toEqual([`birds: without ${COUNTS} that are missing, the first ${root}/b/2.jpg`])
    expect([...dataset.labels!]).toEqual([0, 0])
    expect([...dataset.split('test').labels!]).toEqual([0])
    expect(await greyLevels(dataset)).toEqual([10, 30])
    expect(await greyLevels(dataset.split('test'))).toEqual([50])
  })

  it('are left out of several labels an image, too', async () => {
    recordWarnings()
    const root = await datasetTree(images(...FOUND))
    const train = { ...listOf(root, TRAIN), labels: undefined, multiLabels: Int8Array.of(1, -1, 0, 1, -1, 0) }
    const dataset = await open(root, {}, { splits: { train }, allowPartial: true })
    expect(dataset.multiLabels).toEqual(Int8Array.of(1, -1, -1, 0))
  })

  it('leave no split without images', async () => {
    recordWarnings()
    const root = await datasetTree(images(...TRAIN))
    expect((await open(root, {}, { allowPartial: true })).splits).toEqual(['train'])
  })

  it('are an error if the training split has no other, also of a partial copy', async () => {
    const root = await datasetTree(images(...TEST))
    const error = await open(root, {}, { allowPartial: true }).catch(String)
    expect(error).toContain('got 3 of 3 train images missing')
    expect(error).not.toContain('--allow-partial')
  })

  it('are told from files whose names differ in case', async () => {
    const root = await datasetTree({ ...images('a/1.jpg', 'a/3.jpg', ...TEST), 'b/2.JPG': { level: 20 } })
    await expect(open(root)).rejects.toThrow('1 of 3 train images missing')
  })
})
