import { describe, expect, it } from 'vitest'
import { labelList } from './label-list.ts'
import { memoryDataset } from './memory-dataset.ts'
import { type ImageSource, sourceDataset } from './source-dataset.ts'

/** A dataset of nothing but names. */
function named(names: readonly string[]) {
  const train: ImageSource = {
    length: names.length,
    labels: undefined,
    imageSize: undefined,
    fileName: (index) => names[index]!,
    read: async function* () {},
  }
  return sourceDataset({ name: 'named', classes: [], splits: { train }, close: async () => {} })
}

const dataset = named(['a.JPEG', 'b.JPEG', 'c d.JPEG', 'same.JPEG', 'same.JPEG', 'e.JPEG'])

describe('labelList', () => {
  it('gives ascending positions of names in any order, with or without folders', () => {
    expect([...labelList(['n01/e.JPEG', 'c d.JPEG', 'a.JPEG'], dataset)]).toEqual([0, 2, 5])
  })

  it('counts positions in the subset that it is given', () => {
    const subset = dataset.subset([5, 2, 1])
    expect([0, 1, 2].map((position) => subset.fileName(position))).toEqual(['e.JPEG', 'c d.JPEG', 'b.JPEG'])
    expect([...labelList(['b.JPEG', 'e.JPEG'], subset)]).toEqual([0, 2])
  })

  it.each([
    [['a.JPEG', 'x.JPEG', 'y.JPEG'], 'names of images of named, got 2 that no image has, the first "x.JPEG"'],
    [['a.JPEG', 'b.JPEG', 'f/b.JPEG', 'b.JPEG'], 'each image once, got 2 listed again, the first "b.JPEG"'],
    [['same.JPEG'], 'got 1 that several images have, the first "same.JPEG"'],
  ])('refuses %s', (names, message) => {
    expect(() => labelList(names, dataset, 'my list')).toThrow(message)
    expect(() => labelList(names, dataset, 'my list')).toThrow('my list: must be')
  })

  it('refuses images without files', () => {
    const train = { images: new Uint8Array(3) }
    const memory = memoryDataset({ name: 'memory', imageSize: { height: 1, width: 1 }, train })
    expect(memory.fileName(0)).toBeUndefined()
    expect(() => labelList(['a'], memory)).toThrow('for a dataset whose images are files, got memory')
  })
})
