import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeMatFile } from '@simclr/tools/testing'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { datasetTree } from '../__fixtures__/dataset-tree.ts'
import { greyLevels } from '../__fixtures__/grey-levels.ts'
import { recordWarnings } from '../__fixtures__/record-warnings.ts'
import type { Dataset } from '../dataset.ts'
import type { OpenOptions } from './dataset-definition.ts'
import { flowers102 } from './flowers102.ts'

/** Image n has grey level 10 n and class LABELS[n - 1], from 1. */
const LABELS = Uint8Array.of(102, 1, 77, 5, 5, 60)
const SPLITS = { trnid: Uint16Array.of(3, 1), valid: Uint16Array.of(6), tstid: Uint16Array.of(5, 2, 4) }

function files(splits: Record<string, Uint8Array | Uint16Array> = SPLITS) {
  const image = (n: number) => [`jpg/image_0000${n}.jpg`, { level: n * 10, format: 'png' }] as const
  return {
    'imagelabels.mat': writeMatFile({ labels: LABELS }),
    'setid.mat': writeMatFile(splits),
    ...Object.fromEntries([1, 2, 3, 4, 5, 6].map(image)),
  }
}

let warnings: string[]

beforeEach(() => {
  warnings = recordWarnings()
})

async function open(folder: string, options: OpenOptions = { allowPartial: true }): Promise<Dataset> {
  const dataset = await flowers102(folder, { threads: 1, ...options })
  onTestFinished(() => dataset.close())
  return dataset
}

describe('flowers102', () => {
  it('reads trnid, valid and tstid as train, validation and test', async () => {
    const dataset = await open(await datasetTree(files()))
    expect(dataset.splits).toEqual(['train', 'validation', 'trainval', 'test'])
    const found = await Promise.all(
      dataset.splits.map(async (name) => {
        const split = dataset.split(name)
        return [name, [...split.labels!], await greyLevels(split)]
      }),
    )
    expect(found).toEqual([
      ['train', [76, 101], [30, 10]],
      ['validation', [59], [60]],
      ['trainval', [76, 101, 59], [30, 10, 60]],
      ['test', [4, 0, 4], [50, 20, 40]],
    ])
    expect([dataset.classes.length, dataset.classes[0], dataset.classes[101]]).toEqual([102, '1', '102'])
  })

  it('finds its folder in the one that is given', async () => {
    const inside = Object.entries(files()).map(([path, content]) => [`flowers-102/${path}`, content])
    expect((await open(await datasetTree(Object.fromEntries(inside)))).length).toBe(2)
  })

  it('leaves out images that are missing from every split that has them, with a warning', async () => {
    const root = await datasetTree(files())
    await rm(join(root, 'jpg/image_00003.jpg'))
    const dataset = await open(root)
    expect([[...dataset.labels!], [...dataset.split('trainval').labels!]]).toEqual([[101], [101, 59]])
    expect(warnings).toContainEqual(
      expect.stringMatching(/without 1 of 2 train images, 1 of 3 trainval images .*image_00003\.jpg/),
    )
  })
})

describe('flowers102 refuses', () => {
  it('counts that are not the official ones', async () => {
    await expect(open(await datasetTree(files()), {})).rejects.toThrow(
      'must be 1020 train images, 1020 validation images, 2040 trainval images, 6149 test images, got 2 train',
    )
  })

  it.each(['imagelabels.mat', 'setid.mat'])('a copy without %s, also a partial one', async (path) => {
    const root = await datasetTree(files())
    await rm(join(root, path))
    await expect(open(root)).rejects.toThrow(
      `${path}: must be a file of Oxford 102 Flowers, got no such file`,
    )
  })

  it.each([
    ['an image listed twice', { ...SPLITS, valid: Uint16Array.of(6, 6) }, 'must be each image once, got'],
    [
      'an image of both train and test',
      { ...SPLITS, tstid: Uint16Array.of(1, 2) },
      'must be images that are not in the training list, got',
    ],
    [
      'an image without label',
      { ...SPLITS, valid: Uint16Array.of(7) },
      'labels(7): must be the number of a class',
    ],
    ['image 0', { ...SPLITS, valid: Uint16Array.of(0) }, 'labels(0): must be the number of a class'],
    [
      'a missing split',
      { trnid: SPLITS.trnid, tstid: SPLITS.tstid },
      'setid.mat: valid: must be numbers, got nothing',
    ],
  ])('%s', async (_, splits, message) => {
    await expect(open(await datasetTree(files(splits)))).rejects.toThrow(message)
  })

  it('a label above 102', async () => {
    const labels = writeMatFile({ labels: LABELS.map((label) => label + 1) })
    await expect(open(await datasetTree({ ...files(), 'imagelabels.mat': labels }))).rejects.toThrow(
      'labels(1): must be the number of a class, 1 to 102, got 103',
    )
  })

  it('a page saved as setid.mat', async () => {
    await expect(open(await datasetTree({ ...files(), 'setid.mat': '<html></html>' }))).rejects.toThrow(
      'setid.mat: must be a MATLAB 5 file of real numbers, text, cells and structs, got a file of another kind',
    )
  })
})
