import { join } from 'node:path'
import { SimclrError } from '@simclr/core'
import { describe, expect, it } from 'vitest'
import { datasetTree } from '../__fixtures__/dataset-tree.ts'
import type { DatasetInfo } from './dataset-definition.ts'
import { classNumber, homeOf, readList } from './read-list.ts'

const info: DatasetInfo = {
  name: 'birds',
  title: 'Birds of Test',
  homepage: 'https://example.org/',
  classes: 2,
  counts: { train: 4 },
  archives: [{ file: 'birds.tgz' }, { file: 'lists.zip' }],
  layout: 'birds/list.txt',
}

describe('readList', () => {
  it.each([
    ['line feeds', 'a/1\nb c/2\n'],
    ['no last line end', 'a/1\nb c/2'],
    ['carriage returns', 'a/1\r\nb c/2\r\n'],
    ['mixed line ends', 'a/1\r\nb c/2\n'],
    ['a byte order mark', '\uFEFFa/1\nb c/2\n'],
    ['a byte order mark and carriage returns', '\uFEFFa/1\r\nb c/2\r\n'],
    ['blank lines', '\n\r\na/1\n  \n\t\nb c/2\n\n\n'],
    ['blanks around', ' a/1 \n\tb c/2  \n'],
  ])('reads lines with %s', async (_, text) => {
    const root = await datasetTree({ 'list.txt': text })
    expect(await readList(join(root, 'list.txt'), info)).toEqual(['a/1', 'b c/2'])
  })

  it('reads UTF-8', async () => {
    const root = await datasetTree({ 'list.txt': 'Grünfink/1\n' })
    expect(await readList(join(root, 'list.txt'), info)).toEqual(['Grünfink/1'])
  })

  it('names the file and the archives if it is missing', async () => {
    const path = join(await datasetTree({}), 'list.txt')
    const error = await readList(path, info).catch((thrown: unknown) => thrown)
    expect(SimclrError.isInstance(error)).toBe(true)
    expect(String(error)).toBe(
      `SimclrError: birds: ${path}: must be a file of Birds of Test, got no such file. ` +
        'Unpack birds.tgz, lists.zip; "simclr data info birds" shows where.',
    )
  })

  it('passes on why a file cannot be read', async () => {
    const root = await datasetTree({ 'list.txt/inside': '' })
    await expect(readList(join(root, 'list.txt'), info)).rejects.toThrow('EISDIR')
  })

  it.each([
    ['nothing', ''],
    ['a byte order mark', '\uFEFF'],
    ['blank lines', '\r\n \n'],
  ])('refuses a file of %s', async (_, text) => {
    const root = await datasetTree({ 'list.txt': text })
    await expect(readList(join(root, 'list.txt'), info)).rejects.toThrow(
      'list.txt: must be a list, got an empty file. Unpack birds.tgz, lists.zip again.',
    )
  })
})

describe('homeOf', () => {
  it('is the folder of that name, at either of two depths, else the given one', async () => {
    const root = await datasetTree({ 'birds/list.txt': 'a/1', 'fish/fish/list.txt': 'a/1' })
    expect(await homeOf(root, 'birds')).toBe(join(root, 'birds'))
    expect(await homeOf(join(root, 'birds'), 'birds')).toBe(join(root, 'birds'))
    expect(await homeOf(root, 'fish')).toBe(join(root, 'fish', 'fish'))
    expect(await homeOf(join(root, 'fish'), 'fish')).toBe(join(root, 'fish', 'fish'))
    expect(await homeOf(root, 'insects')).toBe(root)
  })
})

describe('classNumber', () => {
  const classes = ['Clark’s grebe', 'indoor', 'church/indoor']
  it('is the place of a name', () => {
    expect(classes.map((name) => classNumber(name, classes, info))).toEqual([0, 1, 2])
  })

  it('refuses a name that is none', () => {
    expect(() => classNumber('Indoor', classes, info)).toThrow(
      'birds: class in a list: must be one of 3 (Clark’s grebe, indoor, church/indoor, …), got "Indoor".',
    )
  })
})
