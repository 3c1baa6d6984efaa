import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type MatInput, type MatRow, writeMatFile } from '@simclr/tools/testing'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { datasetTree } from '../__fixtures__/dataset-tree.ts'
import { greyLevels } from '../__fixtures__/grey-levels.ts'
import { recordWarnings } from '../__fixtures__/record-warnings.ts'
import type { Dataset } from '../dataset.ts'
import type { OpenOptions } from './dataset-definition.ts'
import { stanfordCars } from './stanford-cars.ts'

const CLASSES = Array.from({ length: 196 }, (_, i) =>
  i === 173 ? 'Ram C/V Cargo Van Minivan 2012' : `Make Model ${i}`,
)
const TRAIN_LABELS = [14, 196, 1]
const TEST_LABELS = [174, 2]

/** Four numbers of a box, class and file of each car; numbers below 256 take one byte, others two, as in the real files. */
function annotations(labels: readonly number[]): MatRow[] {
  const number = (value: number): MatInput => (value < 256 ? Uint8Array.of(value) : Uint16Array.of(value))
  return labels.map((label, i) => ({
    bbox_x1: number(30),
    bbox_y1: number(246 + i * 20),
    class: number(label),
    fname: `0000${i + 1}.jpg`,
  }))
}

function files(): Record<string, Parameters<typeof datasetTree>[0][string]> {
  return {
    'devkit/cars_meta.mat': writeMatFile({ class_names: CLASSES }),
    'devkit/cars_train_annos.mat': writeMatFile({ annotations: annotations(TRAIN_LABELS) }),
    'cars_test_annos_withlabels.mat': writeMatFile({ annotations: annotations(TEST_LABELS) }),
    'cars_train/00001.jpg': { level: 10, format: 'png', channels: 1 },
    'cars_train/00002.jpg': { level: 20, format: 'png' },
    'cars_train/00003.jpg': { level: 30, format: 'png' },
    'cars_test/00001.jpg': { level: 40, format: 'png' },
    'cars_test/00002.jpg': { level: 50, format: 'png' },
  }
}

let warnings: string[]

beforeEach(() => {
  warnings = recordWarnings()
})

async function open(folder: string, options: OpenOptions = { allowPartial: true }): Promise<Dataset> {
  const dataset = await stanfordCars(folder, { threads: 1, ...options })
  onTestFinished(() => dataset.close())
  return dataset
}

describe('stanfordCars', () => {
  it('reads both splits, labels from 0, names with slashes', async () => {
    const dataset = await open(await datasetTree(files()))
    expect(dataset.splits).toEqual(['train', 'test'])
    expect(dataset.classes).toEqual(CLASSES)
    expect([...dataset.labels!]).toEqual([13, 195, 0])
    expect([...dataset.split('test').labels!]).toEqual([173, 1])
    expect(await greyLevels(dataset)).toEqual([10, 20, 30])
    expect(await greyLevels(dataset.split('test'))).toEqual([40, 50])
  })

  it('finds its folder in the one that is given', async () => {
    const inside = Object.entries(files()).map(([path, content]) => [`stanford_cars/${path}`, content])
    expect((await open(await datasetTree(Object.fromEntries(inside)))).length).toBe(3)
  })

  it('leaves out images that are missing, with a warning', async () => {
    const { 'cars_train/00002.jpg': _, ...rest } = files()
    const dataset = await open(await datasetTree(rest))
    expect([...dataset.labels!]).toEqual([13, 0])
    expect(warnings).toContainEqual(
      expect.stringMatching(
        /stanford-cars: without 1 of 3 train images that are missing, the first .*00002\.jpg/,
      ),
    )
  })

  it('has no test split without test labels, if a part is enough', async () => {
    const root = await datasetTree(files())
    await rm(join(root, 'cars_test_annos_withlabels.mat'))
    expect((await open(root)).splits).toEqual(['train'])
    expect(warnings).toContainEqual(expect.stringContaining('stanford-cars: without the test split, for'))
  })
})

describe('stanfordCars refuses', () => {
  const train = (rows: MatInput): Uint8Array => writeMatFile({ annotations: rows })

  it('counts that are not the official ones', async () => {
    const root = await datasetTree(files())
    await expect(open(root, {})).rejects.toThrow(
      'stanford-cars: lists: must be 8144 train images, 8041 test images, got 3 train images, 2 test images',
    )
  })

  it('a copy without test labels, naming the file and the way out', async () => {
    const root = await datasetTree(files())
    await rm(join(root, 'cars_test_annos_withlabels.mat'))
    await expect(open(root, {})).rejects.toThrow(
      /test split: must be listed in .*cars_test_annos_withlabels\.mat, got no such file\. .*allowPartial/,
    )
  })

  it.each([
    ['devkit/cars_meta.mat', 'must be a file of Stanford Cars, got no such file'],
    ['devkit/cars_train_annos.mat', 'must be a file of Stanford Cars, got no such file'],
  ])('a copy without %s, also a partial one', async (path, message) => {
    const root = await datasetTree(files())
    await rm(join(root, path))
    await expect(open(root)).rejects.toThrow(message)
  })

  it.each<[string, MatInput, string]>([
    ['an image listed twice', [...annotations([1]), ...annotations([2])], 'must be each image once, got'],
    ['class 0', annotations([1, 0]), 'annotations(2).class: must be the number of a class, 1 to 196, got 0'],
    [
      'class 197',
      annotations([197]),
      'annotations(1).class: must be the number of a class, 1 to 196, got 197',
    ],
    [
      'annotations without labels',
      [{ fname: '00001.jpg' }],
      'annotations(1).class: must be numbers, got nothing',
    ],
    [
      'a file name that is a number',
      [{ class: Uint8Array.of(1), fname: Uint8Array.of(1) }],
      'annotations(1).fname: must be text, got numbers',
    ],
    [
      'annotations that are no structs',
      ['00001.jpg'],
      'annotations: must be structs, got a list of other values',
    ],
  ])('%s', async (_, rows, message) => {
    const root = await datasetTree({ ...files(), 'devkit/cars_train_annos.mat': train(rows) })
    await expect(open(root)).rejects.toThrow(message)
  })

  it('a class name that is no text', async () => {
    const root = await datasetTree({
      ...files(),
      'devkit/cars_meta.mat': writeMatFile({ class_names: ['a', Uint8Array.of(1)] }),
    })
    await expect(open(root)).rejects.toThrow('cars_meta.mat: class_names(2): must be text, got numbers')
  })
})
