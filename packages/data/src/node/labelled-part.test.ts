import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { datasetTree } from '../__fixtures__/dataset-tree.ts'
import type { Dataset } from '../dataset.ts'
import { labelSubset } from '../label-subset.ts'
import { imageFolder } from './image-folder.ts'
import { labelledPart } from './labelled-part.ts'
import { officialLabelList } from './official-label-list.ts'
import { readLabelList } from './read-label-list.ts'

/** Twenty (empty) images of each of two classes. */
async function folder(): Promise<Dataset> {
  const names = Array.from({ length: 20 }, (_, i) => [`a/a_${i}.JPEG`, `b/b_${i}.JPEG`]).flat()
  return imageFolder(await datasetTree(Object.fromEntries(names.map((name) => [name, '']))))
}

function names(dataset: Dataset): string[] {
  return Array.from({ length: dataset.length }, (_, i) => dataset.fileName(i)!)
}

describe('labelledPart', () => {
  it.each(['10%', '0.1', ' 10 % '])('takes a share of every class: %s', async (spec) => {
    const dataset = await folder()
    const part = await labelledPart(dataset, spec, 3)
    expect([...part.labels!]).toEqual([0, 0, 1, 1])
    const wanted = dataset.subset(labelSubset(dataset.labels!, { fraction: 0.1, seed: 3 }))
    expect(names(part)).toEqual(names(wanted))
    expect(names(part)).not.toEqual(names(await labelledPart(dataset, spec, 4)))
  })

  it.each(['100%', '1', '1.0'])('takes everything: %s', async (spec) => {
    const dataset = await folder()
    expect(await labelledPart(dataset, spec)).toBe(dataset)
  })

  it('takes the images of a list, with either line end', async () => {
    const list = join(
      await datasetTree({ 'my list.txt': 'b_3.JPEG\r\n\r\na_11.JPEG\nb/b_0.JPEG' }),
      'my list.txt',
    )
    const part = await labelledPart(await folder(), list)
    expect(names(part)).toEqual(['a_11.JPEG', 'b_0.JPEG', 'b_3.JPEG'])
    expect([...part.labels!]).toEqual([0, 1, 1])
  })

  it.each([
    ['0%', 'labelSubset: fraction'],
    ['101%', 'labelSubset: fraction'],
    ['-0.5', 'labelSubset: fraction'],
    ['no such list.txt', 'label list no such list.txt: must be a text file of image names, got no such file'],
  ])('refuses %s', async (spec, message) => {
    await expect(labelledPart(await folder(), spec)).rejects.toThrow(message)
  })

  it('refuses a share of unlabelled images', async () => {
    const dataset = await imageFolder(await datasetTree({ 'a.jpg': '', 'b.jpg': '' }))
    await expect(labelledPart(dataset, '10%')).rejects.toThrow('with one class for each image')
  })
})

describe('readLabelList', () => {
  it('refuses an empty list and unknown images, by its path', async () => {
    const root = await datasetTree({ 'empty.txt': '\r\n', 'other.txt': 'c_0.JPEG\na_0.JPEG\n' })
    const dataset = await folder()
    await expect(readLabelList(join(root, 'empty.txt'), dataset)).rejects.toThrow(
      'empty.txt: must be a text file of image names, got no names',
    )
    await expect(readLabelList(join(root, 'other.txt'), dataset)).rejects.toThrow(
      /other\.txt: .*1 that no image has, the first "c_0\.JPEG"/,
    )
  })
})

describe('officialLabelList', () => {
  it('does not know other lists', async () => {
    const root = await datasetTree({ 'list.txt': 'n01440764_10026.JPEG\n' })
    expect(await officialLabelList(join(root, 'list.txt'))).toBeUndefined()
    await expect(officialLabelList(join(root, 'none.txt'))).rejects.toThrow('none.txt')
  })
})
