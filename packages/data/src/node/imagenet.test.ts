import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeMatFile } from '@simclr/tools/testing'
import sharp from 'sharp'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { datasetTree } from '../__fixtures__/dataset-tree.ts'
import { greyLevels } from '../__fixtures__/grey-levels.ts'
import { gnuLongName, writeTar } from '../__fixtures__/write-tar.ts'
import type { Dataset } from '../dataset.ts'
import { imagenet } from './imagenet.ts'

/** Bytes of a 9 × 7 image of one grey level. */
async function image(level: number, format: 'jpeg' | 'png' = 'jpeg', space = 'srgb'): Promise<Buffer> {
  const background = { r: level, g: level, b: level }
  return sharp({ create: { width: 9, height: 7, channels: 3, background } })
    .toColourspace(space)
    .toFormat(format)
    .toBuffer()
}

/** Three classes; the PNG and the CMYK image of the real set are here, too. */
const TRAIN: Readonly<Record<string, Buffer>> = {
  n01440764_10026: await image(20),
  n01440764_1: await image(40),
  n02105855_2933: await image(60, 'png'),
  n01739381_1309: await image(128, 'jpeg', 'cmyk'),
  n02105855_7: await image(100),
}
/** Images 1 to 4 of the validation split. */
const VALIDATION = [
  { id: 'n02105855', bytes: await image(120) },
  { id: 'n01440764', bytes: await image(140) },
  { id: 'n01739381', bytes: await image(160) },
  { id: 'n01440764', bytes: await image(180) },
]
const validationName = (i: number): string => `ILSVRC2012_val_${String(i + 1).padStart(8, '0')}.JPEG`

const idOf = (name: string): string => name.slice(0, 9)

/** The development kit's numbers of classes are in no order; inner nodes of the tree follow. */
const SYNSETS = [
  {
    ILSVRC2012_ID: Uint8Array.of(1),
    WNID: 'n02105855',
    words: 'Shetland sheepdog',
    num_children: Uint8Array.of(0),
  },
  { ILSVRC2012_ID: Uint8Array.of(2), WNID: 'n01440764', words: 'tench', num_children: Uint8Array.of(0) },
  { ILSVRC2012_ID: Uint8Array.of(3), WNID: 'n01739381', words: 'vine snake', num_children: Uint8Array.of(0) },
  { ILSVRC2012_ID: Uint16Array.of(1001), WNID: 'n00001740', words: 'entity', num_children: Uint8Array.of(3) },
]
const DEVKIT = {
  'ILSVRC2012_devkit_t12/data/meta.mat': writeMatFile({ synsets: SYNSETS }),
  'ILSVRC2012_devkit_t12/data/ILSVRC2012_validation_ground_truth.txt': '1\r\n2\r\n3\r\n2\r\n',
}

const trainFolders = Object.fromEntries(
  Object.entries(TRAIN).map(([name, bytes]) => [`train/${idOf(name)}/${name}.JPEG`, bytes]),
)

/** An archive of an archive for each class, with long names and AppleDouble files. */
const trainArchive = writeTar(
  [...new Set(Object.keys(TRAIN).map(idOf))].reverse().map((id) => {
    const images = Object.entries(TRAIN).filter(([name]) => idOf(name) === id)
    const entries = images.flatMap(([name, content]) => [
      { name: `./._${name}.JPEG`, content: 'AppleDouble' },
      gnuLongName(`${'folder/'.repeat(20)}${name}.JPEG`),
      { name: 'folder/folder', content, magic: 'ustar  \0' },
    ])
    return { name: `${id}.tar`, content: writeTar(entries) }
  }),
)
const validationArchive = writeTar(
  VALIDATION.map(({ bytes }, i) => ({ name: validationName(i), content: bytes })).reverse(),
)

const FORMS = {
  folders: {
    ...trainFolders,
    'train/.DS_Store': '',
    'train/n01440764/notes.txt': '',
    ...Object.fromEntries(VALIDATION.map(({ id, bytes }, i) => [`val/${id}/${validationName(i)}`, bytes])),
  },
  'flat validation folder': {
    ...trainFolders,
    ...Object.fromEntries(VALIDATION.map(({ bytes }, i) => [`val/${validationName(i)}`, bytes])),
    ...DEVKIT,
  },
  archives: {
    'ILSVRC2012_img_train.tar': trainArchive,
    'ILSVRC2012_img_val.tar': validationArchive,
    ...DEVKIT,
  },
}

function fileNames(dataset: Dataset): (string | undefined)[] {
  return Array.from({ length: dataset.length }, (_, i) => dataset.fileName(i))
}

function silenceWarnings(): string[] {
  const warnings: string[] = []
  vi.spyOn(process, 'emitWarning').mockImplementation((warning) => {
    warnings.push(String(warning))
  })
  return warnings
}

afterEach(() => vi.restoreAllMocks())

describe.each(Object.entries(FORMS))('imagenet from %s', (_, files) => {
  it('has the same images, classes and order', async () => {
    const warnings = silenceWarnings()
    const dataset = await imagenet(await datasetTree(files), { allowPartial: true })
    expect(dataset.classes).toEqual(['n01440764', 'n01739381', 'n02105855'])
    expect([...dataset.labels!]).toEqual([0, 0, 1, 2, 2])
    expect(fileNames(dataset)).toEqual([
      'n01440764_1.JPEG',
      'n01440764_10026.JPEG',
      'n01739381_1309.JPEG',
      'n02105855_2933.JPEG',
      'n02105855_7.JPEG',
    ])
    const test = dataset.split('test')
    expect([...test.labels!]).toEqual([0, 0, 1, 2])
    expect(fileNames(test)).toEqual([1, 3, 2, 0].map(validationName))
    expect(warnings).toEqual([
      'imagenet: 3 classes, 5 train images, 4 test images instead of ' +
        '1000 classes, 1281167 train images, 50000 test images',
    ])
  })

  it('decodes the same images, a PNG and a CMYK image among them', async () => {
    silenceWarnings()
    const dataset = await imagenet(await datasetTree(files), { allowPartial: true, threads: 1 })
    const levels = await greyLevels(dataset)
    expect(levels.toSpliced(2, 1)).toEqual([40, 20, 60, 100])
    expect(Math.abs(levels[2]! - 128)).toBeLessThan(40) // inks are not sRGB
    expect(await greyLevels(dataset.split('test'))).toEqual([140, 180, 160, 120])
    await dataset.close()
  })

  it('refuses a small copy', async () => {
    await expect(imagenet(await datasetTree(files))).rejects.toThrow(
      'must be 1000 classes, 1281167 train images, 50000 test images, got 3 classes, 5 train images, 4 test images.',
    )
  })
})

describe('imagenet', () => {
  it('leaves out validation images of classes that have no training images', async () => {
    silenceWarnings()
    const root = await datasetTree(FORMS['flat validation folder'])
    await rm(join(root, 'train', 'n01440764'), { recursive: true })
    const dataset = await imagenet(root, { allowPartial: true })
    expect(dataset.classes).toEqual(['n01739381', 'n02105855'])
    expect(fileNames(dataset.split('test'))).toEqual([2, 0].map(validationName))
  })

  it('does without validation images, with allowPartial', async () => {
    const warnings = silenceWarnings()
    const root = await datasetTree(trainFolders)
    await expect(imagenet(root)).rejects.toThrow(/test split: must be listed in .*ILSVRC2012_img_val\.tar/)
    expect((await imagenet(root, { allowPartial: true })).splits).toEqual(['train'])
    expect(warnings[0]).toContain('without the test split')
  })
})

describe('imagenet refuses', () => {
  it('a folder without training images', async () => {
    const root = await datasetTree(DEVKIT)
    await expect(imagenet(root, { allowPartial: true })).rejects.toThrow(
      /ILSVRC2012_img_train\.tar: must be a file of ImageNet .*got no such file/,
    )
  })

  it('an inner archive that is cut off', async () => {
    const root = await datasetTree(FORMS.archives)
    const path = join(root, 'ILSVRC2012_img_train.tar')
    await writeFile(path, trainArchive.subarray(0, trainArchive.length - 3000))
    await expect(imagenet(root, { allowPartial: true })).rejects.toThrow(
      `${path}: must be a complete tar archive`,
    )
  })

  it.each([
    ['no development kit', 'ILSVRC2012_validation_ground_truth.txt', undefined, 'no such file'],
    ['no table of classes', 'meta.mat', undefined, 'no such file'],
    [
      'a class that the table does not have',
      'ILSVRC2012_validation_ground_truth.txt',
      '1\n2\n77\n2\n',
      'got "77" in line 3',
    ],
    [
      'too few labels',
      'ILSVRC2012_validation_ground_truth.txt',
      '1\n2\n3\n',
      'got ILSVRC2012_val_00000004.JPEG',
    ],
  ])('%s', async (_, file, content, message) => {
    silenceWarnings()
    const root = await datasetTree(FORMS.archives)
    const path = join(root, 'ILSVRC2012_devkit_t12', 'data', file)
    await (content === undefined ? rm(path) : writeFile(path, content))
    await expect(imagenet(root, { allowPartial: true })).rejects.toThrow(message)
  })
})
