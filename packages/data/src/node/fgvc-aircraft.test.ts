import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { datasetTree } from '../__fixtures__/dataset-tree.ts'
import { greyLevels } from '../__fixtures__/grey-levels.ts'
import { recordWarnings } from '../__fixtures__/record-warnings.ts'
import type { Dataset } from '../dataset.ts'
import { type FgvcAircraftOptions, fgvcAircraft } from './fgvc-aircraft.ts'

/** The variants list ends its lines as Windows does. */
const FILES = {
  'data/variants.txt': '707-320\r\nDHC-8-100\r\nF-16A/B\r\nModel B200\r\n',
  'data/images_variant_train.txt': '1025794 707-320\r\n0034309 F-16A/B\r\n',
  'data/images_variant_val.txt': '0056978 Model B200\n',
  'data/images_variant_trainval.txt': '1025794 707-320\n0034309 F-16A/B\n0056978 Model B200\n',
  'data/images_variant_test.txt': '0000042 DHC-8-100\n0000007 Model B200\n',
  'data/families.txt': 'Boeing 707\nF-16\nKing Air\nDash 8\n',
  'data/images_family_train.txt': '1025794 Boeing 707\n0034309 F-16\n',
  'data/images_family_val.txt': '0056978 King Air\n',
  'data/images_family_trainval.txt': '1025794 Boeing 707\n0034309 F-16\n0056978 King Air\n',
  'data/images_family_test.txt': '0000042 Dash 8\n0000007 King Air\n',
  'data/images/1025794.jpg': { level: 10, format: 'png' },
  'data/images/0034309.jpg': { level: 20, format: 'png' },
  'data/images/0056978.jpg': { level: 30, format: 'png' },
  'data/images/0000042.jpg': { level: 40, format: 'png' },
  'data/images/0000007.jpg': { level: 50, format: 'png' },
} as const

let warnings: string[]

beforeEach(() => {
  warnings = recordWarnings()
})

async function open(folder: string, options: FgvcAircraftOptions = { allowPartial: true }): Promise<Dataset> {
  const dataset = await fgvcAircraft(folder, { threads: 1, ...options })
  onTestFinished(() => dataset.close())
  return dataset
}

describe('fgvcAircraft', () => {
  it('reads four splits; classes with blanks and slashes, image numbers with zeros before', async () => {
    const dataset = await open(await datasetTree(FILES))
    expect(dataset.classes).toEqual(['707-320', 'DHC-8-100', 'F-16A/B', 'Model B200'])
    const found = await Promise.all(
      dataset.splits.map(async (name) => {
        const split = dataset.split(name)
        return [name, [...split.labels!], await greyLevels(split)]
      }),
    )
    expect(found).toEqual([
      ['train', [0, 2], [10, 20]],
      ['validation', [3], [30]],
      ['trainval', [0, 2, 3], [10, 20, 30]],
      ['test', [1, 3], [40, 50]],
    ])
  })

  it('reads families', async () => {
    const dataset = await open(await datasetTree(FILES), { allowPartial: true, level: 'family' })
    expect(dataset.classes).toEqual(['Boeing 707', 'F-16', 'King Air', 'Dash 8'])
    expect([...dataset.split('test').labels!]).toEqual([3, 2])
  })

  it('finds its folder in the one that is given', async () => {
    const inside = Object.entries(FILES).map(([path, content]) => [`fgvc-aircraft-2013b/${path}`, content])
    expect((await open(await datasetTree(Object.fromEntries(inside)))).length).toBe(2)
  })

  it('leaves out images that are missing, with a warning', async () => {
    const root = await datasetTree(FILES)
    await rm(join(root, 'data/images/0000042.jpg'))
    expect([...(await open(root)).split('test').labels!]).toEqual([3])
    expect(warnings).toContainEqual(
      expect.stringMatching(/fgvc-aircraft: without 1 of 2 test images .*0000042\.jpg/),
    )
  })
})

describe('fgvcAircraft refuses', () => {
  it.each([
    ['variant', 'must be 100 classes, 3334 train images'],
    ['family', 'must be 70 classes, 3334 train images'],
  ] as const)('counts that are not the official ones of level %s', async (level, message) => {
    await expect(open(await datasetTree(FILES), { level })).rejects.toThrow(message)
  })

  it.each(['data/variants.txt', 'data/images_variant_trainval.txt', 'data/images_variant_test.txt'])(
    'a copy without %s, also a partial one',
    async (path) => {
      const root = await datasetTree(FILES)
      await rm(join(root, path))
      await expect(open(root)).rejects.toThrow(`${path}: must be a file of FGVC-Aircraft, got no such file`)
    },
  )

  it.each([
    ['an image listed twice', '0056978 Model B200\n0056978 Model B200\n', 'must be each image once, got'],
    [
      'a class that is not in the list',
      '0056978 Model B300\n',
      'one of 4 (707-320, DHC-8-100, F-16A/B, …), got "Model B300"',
    ],
    ['a line without class', '0056978\n', 'got "0056978"'],
    ['an empty list', '\r\n', 'must be a list, got an empty file'],
  ])('%s', async (_, list, message) => {
    const root = await datasetTree({ ...FILES, 'data/images_variant_val.txt': list })
    await expect(open(root)).rejects.toThrow(message)
  })

  it('an unknown level', async () => {
    const options = { level: 'model' as 'variant' }
    await expect(open('/no/such/folder', options)).rejects.toThrow(
      'fgvc-aircraft: level: must be variant, family, manufacturer, got "model"',
    )
  })
})
