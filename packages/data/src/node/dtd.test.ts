import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { datasetTree } from '../__fixtures__/dataset-tree.ts'
import { greyLevels } from '../__fixtures__/grey-levels.ts'
import { recordWarnings } from '../__fixtures__/record-warnings.ts'
import type { Dataset } from '../dataset.ts'
import { type DtdOptions, dtd } from './dtd.ts'

/** Three classes with gaps between the numbers, and files that no list names. */
function miniature(home: string): Parameters<typeof datasetTree>[0] {
  return {
    [`${home}/images/polka-dotted/polka-dotted_0037.jpg`]: { level: 10 },
    [`${home}/images/polka-dotted/polka-dotted_0201.jpg`]: { level: 20 },
    [`${home}/images/pleated/pleated_0105.jpg`]: { level: 30 },
    [`${home}/images/waffled/waffled_0004.jpg`]: { level: 40, channels: 1 },
    [`${home}/images/waffled/waffled_0009.jpg`]: { level: 99 },
    [`${home}/images/waffled/.directory`]: '[Dolphin]\nTimestamp=2013\n',
    [`${home}/images/unlisted/unlisted_0001.jpg`]: { level: 99 },
    [`${home}/labels/train1.txt`]: 'waffled/waffled_0004.jpg\npolka-dotted/polka-dotted_0201.jpg\n',
    [`${home}/labels/val1.txt`]: 'pleated/pleated_0105.jpg\r\n',
    [`${home}/labels/test1.txt`]: 'polka-dotted/polka-dotted_0037.jpg \n',
    [`${home}/labels/train10.txt`]: 'pleated/pleated_0105.jpg\n',
    [`${home}/labels/val10.txt`]: 'polka-dotted/polka-dotted_0201.jpg\n',
    [`${home}/labels/test10.txt`]: 'waffled/waffled_0004.jpg\n',
    [`${home}/labels/labels_joint_anno.txt`]: 'pleated/pleated_0105.jpg pleated waffled \n',
  }
}

beforeEach(() => {
  recordWarnings()
})

/** Opens what there is of a copy. */
async function open(folder: string, options: DtdOptions = {}): Promise<Dataset> {
  const dataset = await dtd(folder, { allowPartial: true, threads: 1, ...options })
  onTestFinished(() => dataset.close())
  return dataset
}

describe('dtd', () => {
  it('reads the four splits of the first partition', async () => {
    const dataset = await open(await datasetTree(miniature('dtd')))
    expect(dataset.splits).toEqual(['train', 'validation', 'trainval', 'test'])
    expect(dataset.classes).toEqual(['pleated', 'polka-dotted', 'waffled'])
    expect([...dataset.labels!]).toEqual([2, 1])
    expect([...dataset.split('validation').labels!]).toEqual([0])
    expect([...dataset.split('trainval').labels!]).toEqual([2, 1, 0])
    expect([...dataset.split('test').labels!]).toEqual([1])
    expect(await greyLevels(dataset.split('trainval'))).toEqual([40, 20, 30])
    expect(await greyLevels(dataset.split('test'))).toEqual([10])
  })

  it.each([
    ['dtd/dtd', '.'],
    ['dtd/dtd', 'dtd'],
    ['dtd/dtd', 'dtd/dtd'],
    ['dtd', '.'],
    ['dtd', 'dtd'],
    ['textures', 'textures'],
  ])('finds %s from %s', async (home, folder) => {
    const root = await datasetTree(miniature(home))
    expect((await open(join(root, folder))).length).toBe(2)
  })

  it('reads another partition', async () => {
    const dataset = await open(await datasetTree(miniature('dtd')), { partition: 10 })
    expect([...dataset.labels!]).toEqual([0])
    expect(await greyLevels(dataset.split('test'))).toEqual([40])
  })

  it.each([
    [0, 'dtd: partition: must be a whole number of at least 1, got 0'],
    [11, 'dtd: partition: must be a number between 1 and 10, got 11'],
  ])('refuses partition %s', async (partition, message) => {
    await expect(dtd('/no/folder', { partition })).rejects.toThrow(message)
  })

  it('accepts lists of the official size', async () => {
    const lines = (from: number): string =>
      Array.from({ length: 47 * 40 }, (_, i) => `c${i % 47}/c${i % 47}_${from + i}.jpg`).join('\n')
    const root = await datasetTree({
      'dtd/labels/train1.txt': lines(0),
      'dtd/labels/val1.txt': lines(2000),
      'dtd/labels/test1.txt': lines(4000),
    })
    await expect(dtd(root)).rejects.toThrow(
      '1880 of 1880 train images, 1880 of 1880 validation images, ' +
        '3760 of 3760 trainval images, 1880 of 1880 test images missing',
    )
  })

  it('names the list that is missing and its archive', async () => {
    const root = await datasetTree(miniature('dtd'))
    await expect(open(root, { partition: 2 })).rejects.toThrow(
      /train2\.txt: must be a file of Describable Textures Dataset, got no such file\. Unpack dtd-r1\.0\.1\.tar\.gz/,
    )
  })
})
