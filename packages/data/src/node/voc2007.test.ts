import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { datasetTree } from '../__fixtures__/dataset-tree.ts'
import { greyLevels } from '../__fixtures__/grey-levels.ts'
import { recordWarnings } from '../__fixtures__/record-warnings.ts'
import type { Dataset } from '../dataset.ts'
import type { OpenOptions } from './dataset-definition.ts'
import { voc2007 } from './voc2007.ts'

const CLASSES = [
  ...['aeroplane', 'bicycle', 'bird', 'boat', 'bottle', 'bus', 'car', 'cat', 'chair', 'cow', 'diningtable'],
  ...['dog', 'horse', 'motorbike', 'person', 'pottedplant', 'sheep', 'sofa', 'train', 'tvmonitor'],
]
const SPLITS: Record<string, string[]> = {
  train: ['000012', '000017'],
  val: ['000005'],
  trainval: ['000005', '000012', '000017'],
  test: ['000001', '000002'],
}
/** What is present (1) or difficult (0); everything else is absent. */
const OBJECTS: Record<string, Record<string, 0 | 1>> = {
  '000012': { train: 1, person: 0 },
  '000017': { aeroplane: 1, tvmonitor: 1 },
  '000005': { chair: 0 },
  '000001': { train: 1 },
  '000002': { person: 1 },
}

const lists = 'ImageSets/Main'

/** Lists as published ("%06d %2d"), with the line ends of Windows in those of persons. */
function files(): Record<string, Parameters<typeof datasetTree>[0][string]> {
  const classLists = Object.entries(SPLITS).flatMap(([split, ids]) =>
    CLASSES.map((name) => {
      const lines = ids.map((id) => `${id} ${String(OBJECTS[id]![name] ?? -1).padStart(2)}`)
      return [
        `${lists}/${name}_${split}.txt`,
        lines.map((line) => line + (name === 'person' ? '\r\n' : '\n')).join(''),
      ]
    }),
  )
  return {
    ...Object.fromEntries(
      Object.entries(SPLITS).map(([split, ids]) => [`${lists}/${split}.txt`, ids.join('\n')]),
    ),
    ...Object.fromEntries(classLists),
    ...Object.fromEntries(
      Object.keys(OBJECTS).map((id) => [`JPEGImages/${id}.jpg`, { level: Number(id) * 10, format: 'png' }]),
    ),
  }
}

let warnings: string[]

beforeEach(() => {
  warnings = recordWarnings()
})

async function open(folder: string, options: OpenOptions = { allowPartial: true }): Promise<Dataset> {
  const dataset = await voc2007(folder, { threads: 1, ...options })
  onTestFinished(() => dataset.close())
  return dataset
}

/** What is not absent in each image of a split. */
function objects({ multiLabels, length, classes }: Dataset): Record<string, number>[] {
  return Array.from({ length }, (_, image) => {
    const row = multiLabels!.subarray(image * 20, image * 20 + 20)
    return Object.fromEntries(
      [...row].map((value, i) => [classes[i], value] as const).filter(([, value]) => value >= 0),
    )
  })
}

describe('voc2007', () => {
  it('reads several labels an image: present, difficult, absent', async () => {
    const dataset = await open(await datasetTree(files()))
    expect([dataset.classes, dataset.labels]).toEqual([CLASSES, undefined])
    expect(dataset.splits).toEqual(['train', 'validation', 'trainval', 'test'])
    expect(objects(dataset)).toEqual([OBJECTS['000012'], OBJECTS['000017']])
    expect(objects(dataset.split('validation'))).toEqual([{ chair: 0 }])
    expect(objects(dataset.split('trainval'))).toEqual([{ chair: 0 }, OBJECTS['000012'], OBJECTS['000017']])
    expect(objects(dataset.split('test'))).toEqual([{ train: 1 }, { person: 1 }])
    expect(await greyLevels(dataset.split('trainval'))).toEqual([50, 120, 170])
    expect(await greyLevels(dataset.split('test'))).toEqual([10, 20])
  })

  it.each(['VOC2007', 'VOCdevkit/VOC2007'])('finds %s in the folder that is given', async (home) => {
    const inside = Object.entries(files()).map(([path, content]) => [`${home}/${path}`, content])
    const root = await datasetTree(Object.fromEntries(inside))
    expect((await open(root)).length).toBe(2)
    expect((await open(join(root, home))).length).toBe(2)
  })

  it('has no test split without the test archive, if a part is enough', async () => {
    const all = Object.entries(files()).filter(([path]) => !path.endsWith('test.txt'))
    const dataset = await open(await datasetTree(Object.fromEntries(all)))
    expect(dataset.splits).toEqual(['train', 'validation', 'trainval'])
    expect(warnings).toContainEqual(expect.stringContaining('voc2007: without the test split, for'))
  })

  it('leaves out images that are missing and their labels, with a warning', async () => {
    const root = await datasetTree(files())
    await rm(join(root, 'JPEGImages/000012.jpg'))
    const dataset = await open(root)
    expect(objects(dataset)).toEqual([OBJECTS['000017']])
    expect(objects(dataset.split('trainval'))).toEqual([{ chair: 0 }, OBJECTS['000017']])
    expect(warnings).toContainEqual(
      expect.stringMatching(/voc2007: without 1 of 2 train images, 1 of 3 trainval images .*000012\.jpg/),
    )
  })
})

describe('voc2007 refuses', () => {
  it('counts that are not the official ones', async () => {
    await expect(open(await datasetTree(files()), {})).rejects.toThrow(
      'must be 2501 train images, 2510 validation images, 5011 trainval images, 4952 test images, got 2 train',
    )
  })

  it('a copy without the test archive, naming the list and the way out', async () => {
    const all = Object.entries(files()).filter(([path]) => !path.endsWith('test.txt'))
    await expect(open(await datasetTree(Object.fromEntries(all)), {})).rejects.toThrow(
      /test split: must be listed in .*test\.txt, got no such file\. .*allowPartial/,
    )
  })

  it.each(['train.txt', 'train_train.txt', 'cow_test.txt', 'sofa_trainval.txt'])(
    'a copy without %s, also a partial one',
    async (name) => {
      const root = await datasetTree(files())
      await rm(join(root, lists, name))
      await expect(open(root)).rejects.toThrow(`${name}: must be a file of Pascal VOC 2007, got no such file`)
    },
  )

  it.each([
    [
      'an image listed twice',
      { 'val.txt': '000005\n000005', 'cat_val.txt': '000005 1\n000005 1' },
      'must be 2 lines',
    ],
    [
      'a list of a class that is too long',
      { 'cat_val.txt': '000005 -1\n000006 -1' },
      'cat_val.txt: must be 1 lines',
    ],
    [
      'another image in the list of a class',
      { 'cat_val.txt': '000006 -1' },
      '"000005" and 1, 0 or -1 in line 1, got "000006 -1"',
    ],
    ['another label', { 'cat_val.txt': '000005  2' }, '"000005" and 1, 0 or -1 in line 1, got "000005  2"'],
    ['a line without label', { 'cat_val.txt': '000005' }, '"000005" and 1, 0 or -1 in line 1, got "000005"'],
  ])('%s', async (_, changed, message) => {
    const paths = Object.entries(changed).map(([name, text]) => [`${lists}/${name}`, text])
    const root = await datasetTree({ ...files(), ...Object.fromEntries(paths) })
    await expect(open(root)).rejects.toThrow(message)
  })

  it('an image that is twice in a split and in each of its lists', async () => {
    const twice = Object.entries(files()).map(([path, content]) => {
      return [
        path,
        path.endsWith('val.txt') && !path.endsWith('trainval.txt') ? `${content}\n${content}` : content,
      ]
    })
    await expect(open(await datasetTree(Object.fromEntries(twice)))).rejects.toThrow(
      'voc2007: validation list: must be each image once, got',
    )
  })
})
