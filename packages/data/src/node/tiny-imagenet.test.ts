import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { datasetTree } from '../__fixtures__/dataset-tree.ts'
import { greyLevels } from '../__fixtures__/grey-levels.ts'
import { tinyImagenet } from './tiny-imagenet.ts'

const HOME = 'tiny-imagenet-200'

/** Three classes, listed out of order; two have images, one of them a PNG and one of them grey. */
function tree(): Promise<string> {
  return datasetTree({
    [`${HOME}/wnids.txt`]: 'n03\r\nn01\r\nn02\r\n',
    [`${HOME}/words.txt`]: 'n00\tentity\r\nn01\tgoldfish, Carassius auratus\r\nn03\tTibetan mastiff\r\n',
    [`${HOME}/train/n01/n01_boxes.txt`]: 'n01_0.JPEG\t0\t0\t63\t63\n',
    [`${HOME}/train/n01/images/n01_0.JPEG`]: { level: 10 },
    [`${HOME}/train/n01/images/n01_10.JPEG`]: { level: 30, format: 'png', channels: 4 },
    [`${HOME}/train/n01/images/n01_2.JPEG`]: { level: 60, channels: 1 },
    [`${HOME}/train/n01/images/._n01_2.JPEG`]: 'AppleDouble',
    [`${HOME}/train/n01/images/Thumbs.db`]: '',
    [`${HOME}/train/n03/images/n03_0.JPEG`]: { level: 90 },
    [`${HOME}/val/val_annotations.txt`]: 'val_1.JPEG\tn03\t0\t32\t44\t62\r\nval_0.JPEG\tn01\t5\t1\t9\t9\r\n',
    [`${HOME}/val/images/val_0.JPEG`]: { level: 120 },
    [`${HOME}/val/images/val_1.JPEG`]: { level: 150 },
    [`${HOME}/test/images/test_0.JPEG`]: { level: 255 },
  })
}

function silenceWarnings(): string[] {
  const warnings: string[] = []
  vi.spyOn(process, 'emitWarning').mockImplementation((warning) => {
    warnings.push(String(warning))
  })
  return warnings
}

afterEach(() => vi.restoreAllMocks())

describe('tinyImagenet', () => {
  it.each(['', HOME])('numbers classes in sorted order, in the folder %s', async (folder) => {
    const warnings = silenceWarnings()
    const dataset = await tinyImagenet(join(await tree(), folder), { allowPartial: true })
    expect(dataset.classes).toEqual(['goldfish', 'n02', 'Tibetan mastiff'])
    expect([...dataset.labels!]).toEqual([0, 0, 0, 2])
    expect(Array.from({ length: 4 }, (_, i) => dataset.fileName(i))).toEqual([
      'n01_0.JPEG',
      'n01_10.JPEG',
      'n01_2.JPEG',
      'n03_0.JPEG',
    ])
    expect(warnings).toEqual([
      'tiny-imagenet: 3 classes, 4 train images, 2 test images instead of ' +
        '200 classes, 100000 train images, 10000 test images',
    ])
  })

  it('tests on the official validation images, in the order of their list', async () => {
    silenceWarnings()
    const dataset = await tinyImagenet(await tree(), { allowPartial: true, threads: 1 })
    expect(dataset.splits).toEqual(['train', 'test'])
    expect([...dataset.split('test').labels!]).toEqual([2, 0])
    expect(await greyLevels(dataset)).toEqual([10, 30, 60, 90])
    expect(await greyLevels(dataset.split('test'))).toEqual([150, 120])
    await dataset.close()
  })

  it('does without names and without validation images', async () => {
    const warnings = silenceWarnings()
    const root = await tree()
    await rm(join(root, HOME, 'words.txt'))
    await rm(join(root, HOME, 'val'), { recursive: true })
    const dataset = await tinyImagenet(root, { allowPartial: true })
    expect(dataset.classes).toEqual(['n01', 'n02', 'n03'])
    expect(dataset.splits).toEqual(['train'])
    expect(warnings[0]).toContain('without the test split')
  })
})

describe('tinyImagenet refuses', () => {
  it('an incomplete copy', async () => {
    const root = await tree()
    await expect(tinyImagenet(root)).rejects.toThrow(join('train', 'n02', 'images'))
    await rm(join(root, HOME, 'val'), { recursive: true })
    await expect(tinyImagenet(root)).rejects.toThrow('test split: must be listed in')
  })

  it('wrong counts', async () => {
    const root = await tree()
    await writeFile(join(root, HOME, 'wnids.txt'), 'n01\nn03\n')
    await expect(tinyImagenet(root)).rejects.toThrow(
      'must be 200 classes, 100000 train images, 10000 test images, got 2 classes, 4 train images, 2 test images.',
    )
  })

  it('a class that wnids.txt does not have', async () => {
    const root = await tree()
    await writeFile(join(root, HOME, 'wnids.txt'), 'n01\n')
    await expect(tinyImagenet(root, { allowPartial: true })).rejects.toThrow('got "n03"')
  })

  it('a copy without any training image', async () => {
    const root = await tree()
    await rm(join(root, HOME, 'train'), { recursive: true })
    await expect(tinyImagenet(root, { allowPartial: true })).rejects.toThrow('0 train images')
  })

  it('a missing list of classes', async () => {
    await expect(tinyImagenet(await datasetTree({ 'x.txt': '' }))).rejects.toThrow('wnids.txt')
  })
})
