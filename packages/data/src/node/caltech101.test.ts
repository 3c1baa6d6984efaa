import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { datasetTree } from '../__fixtures__/dataset-tree.ts'
import { greyLevels } from '../__fixtures__/grey-levels.ts'
import { recordWarnings } from '../__fixtures__/record-warnings.ts'
import type { Dataset } from '../dataset.ts'
import { type Caltech101Options, caltech101, caltech101TrainList } from './caltech101.ts'

const FOLDER = '101_ObjectCategories'

/** `class/image_0001.jpg`, ... */
function names(category: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${category}/image_${String(i + 1).padStart(4, '0')}.jpg`)
}

/** A tree in which images need not be decoded. */
function emptyImages(paths: readonly string[], home = FOLDER): Promise<string> {
  return datasetTree(Object.fromEntries(paths.map((path) => [`${home}/${path}`, ''])))
}

beforeEach(() => {
  recordWarnings()
})

/** Opens what there is of a copy. */
async function open(folder: string, options: Caltech101Options = {}): Promise<Dataset> {
  const dataset = await caltech101(folder, { allowPartial: true, threads: 1, ...options })
  onTestFinished(() => dataset.close())
  return dataset
}

describe('caltech101', () => {
  it('takes folders for classes, capitals first, and .jpg files only', async () => {
    const root = await datasetTree({
      [`${FOLDER}/Faces_easy/image_0001.jpg`]: { level: 30 },
      [`${FOLDER}/Faces/image_0007.jpg`]: { level: 20, channels: 1 },
      [`${FOLDER}/Faces/image_0003.jpg`]: { level: 10, format: 'png' },
      [`${FOLDER}/accordion/image_0001.jpg`]: { level: 40 },
      [`${FOLDER}/BACKGROUND_Google/image_0001.jpg`]: { level: 5 },
      [`${FOLDER}/BACKGROUND_Google/tmp`]: 'stray',
      [`${FOLDER}/Faces/._image_0003.jpg`]: 'Mac OS X',
      [`${FOLDER}/Faces/.DS_Store`]: 'Bud1',
      [`${FOLDER}/.DS_Store`]: 'Bud1',
      [`${FOLDER}/empty/readme.txt`]: 'no image',
      'Annotations/Faces_2/annotation_0001.mat': 'MATLAB 5.0 MAT-file',
    })
    const dataset = await open(root)
    expect(dataset.classes).toEqual(['BACKGROUND_Google', 'Faces', 'Faces_easy', 'accordion'])
    expect([...dataset.labels!]).toEqual([0, 1, 1, 2, 3])
    expect(dataset.splits).toEqual(['train'])
    expect(await greyLevels(dataset)).toEqual([5, 10, 20, 30, 40])
  })

  it('splits a copy of the official size', async () => {
    const warnings = recordWarnings()
    const images = Array.from({ length: 102 }, (_, i) => names(`class_${i}`, i < 66 ? 90 : 89)).flat()
    const root = await emptyImages(images)
    const dataset = await caltech101(root)
    expect([dataset.length, dataset.split('test').length, warnings.length]).toEqual([3060, 6084, 0])
    const perClass = new Int32Array(102)
    for (const label of dataset.labels!) perClass[label]! += 1
    expect(new Set(perClass)).toEqual(new Set([30]))
    expect(new Set(await caltech101TrainList(root)).size).toBe(3060)
  })

  it('refuses a copy without some images', async () => {
    const root = await emptyImages(names('Faces', 40))
    await expect(caltech101(root)).rejects.toThrow(
      '102 classes, 3060 train images, 6084 test images, got 1 classes, 30 train images, 10 test images',
    )
  })

  it.each([
    [`caltech-101/${FOLDER}`, '.'],
    [`caltech-101/${FOLDER}`, 'caltech-101'],
    [`caltech101/${FOLDER}`, '.'],
    [FOLDER, '.'],
    [FOLDER, FOLDER],
  ])('finds %s from %s', async (home, folder) => {
    const root = await emptyImages(names('Faces', 2), home)
    expect((await open(join(root, folder))).length).toBe(2)
  })

  it('refuses a folder without images, and none', async () => {
    const root = await datasetTree({ 'readme.txt': '' })
    await expect(open(root)).rejects.toThrow(
      `${root}: must be a folder of class folders that hold .jpg files, got no images`,
    )
    await expect(open(join(root, 'none'))).rejects.toThrow(
      /none: must be a file of Caltech-101, got no such file\. Unpack caltech-101\.zip/,
    )
  })
})

describe('the training list of Caltech-101', () => {
  it('is the same on every machine', async () => {
    const list = await caltech101TrainList(await emptyImages(names('Faces', 60)))
    expect(list.map((line) => Number(line.slice(-8, -4)))).toEqual(DRAWN)
  })

  it('does not depend on other classes, but on class and seed', async () => {
    const alone = await caltech101TrainList(await emptyImages(names('Faces', 60)))
    const root = await emptyImages([...names('Faces_easy', 60), ...names('Faces', 60), ...names('ant', 31)])
    const list = await caltech101TrainList(root)
    expect(list.slice(0, 30)).toEqual(alone)
    const numbers = (lines: readonly string[]): string[] => lines.map((line) => line.slice(-8))
    expect(numbers(list.slice(30, 60))).not.toEqual(numbers(alone))
    expect(await caltech101TrainList(root, { seed: 1 })).not.toEqual(list)
    expect(list.length).toBe(90)
  })

  it('draws every image equally often', async () => {
    const root = await emptyImages(names('Faces', 60))
    const drawn = new Int32Array(60)
    for (let seed = 0; seed < 200; seed++) {
      for (const line of await caltech101TrainList(root, { seed }))
        drawn[Number(line.slice(-8, -4)) - 1]! += 1
    }
    // Each count has mean 100 and variance 50, and the 60 of them a fixed sum: 60/59 times chi-square of 59.
    const chiSquare = drawn.reduce((sum, count) => sum + (count - 100) ** 2 / 50, 0)
    expect(chiSquare).toBeLessThan(105) // exceeded once in 3,000 times
  })

  it('is what the dataset uses, and can be stored and read again', async () => {
    const root = await datasetTree(
      Object.fromEntries(names('Faces', 33).map((path, i) => [`${FOLDER}/${path}`, { level: 5 * i }])),
    )
    const seed = 7
    const list = await caltech101TrainList(root, { seed })
    const levels = list.map((line) => 5 * (Number(line.slice(-8, -4)) - 1))
    expect(await greyLevels(await open(root, { seed }))).toEqual(levels)

    const files = await datasetTree({ 'train.txt': `${list.join('\r\n')}\r\n` })
    const stored = await open(root, { trainList: join(files, 'train.txt') })
    expect(await greyLevels(stored)).toEqual(levels)
    expect(stored.split('test').length).toBe(3)
  })

  it('counts images that a stored list names and the copy lacks', async () => {
    const warnings = recordWarnings()
    const root = await emptyImages(names('Faces', 4))
    const files = await datasetTree({
      'train.txt': 'Faces/image_0002.jpg\nFaces/image_0009.jpg\nant/image_0001.jpg\n',
    })
    const dataset = await open(root, { trainList: join(files, 'train.txt') })
    expect([dataset.length, dataset.split('test').length]).toEqual([1, 3])
    expect(dataset.classes).toEqual(['Faces', 'ant'])
    expect(warnings.at(-1)).toContain('without 2 of 3 train images')
  })

  it('is refused if the file is missing', async () => {
    const root = await emptyImages(names('Faces', 4))
    await expect(caltech101(root, { trainList: '/no/such/list.txt' })).rejects.toThrow(
      'caltech101: trainList: must be a text file of lines like accordion/image_0001.jpg, ' +
        'got /no/such/list.txt, which does not exist. Write what caltech101TrainList returns',
    )
  })
})

/** Seed 0, class Faces, 60 images: must never change, for results refer to it. */
const DRAWN = [
  2, 7, 15, 17, 20, 21, 22, 26, 27, 28, 30, 31, 32, 33, 34, 36, 37, 38, 39, 41, 44, 45, 46, 47, 49, 50, 51,
  56, 57, 60,
]
