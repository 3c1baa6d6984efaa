import { execFile } from 'node:child_process'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { datasetTree } from '../__fixtures__/dataset-tree.ts'
import { gnuLongName, paxHeader, writeTar } from '../__fixtures__/write-tar.ts'
import { type ByteRange, tarIndex } from './tar-index.ts'

const LONG = `${'folder/'.repeat(30)}${'ä'.repeat(60)}.JPEG`

/** The archive's files by name, with the bytes that lie at their places. */
async function contents(archive: Uint8Array | string, part?: ByteRange): Promise<[string, string][]> {
  const path = typeof archive === 'string' ? archive : join(await datasetTree({ 'a.tar': archive }), 'a.tar')
  const file = await open(path)
  try {
    const members = await tarIndex(file, 'a.tar', part)
    return await Promise.all(
      members.map(async ({ name, offset, length }) => {
        const { buffer } = await file.read(Buffer.alloc(length), 0, length, offset)
        return [name, buffer.toString()] as [string, string]
      }),
    )
  } finally {
    await file.close()
  }
}

describe('tarIndex', () => {
  it('finds plain files among folders and links', async () => {
    const archive = writeTar([
      { name: 'images/', type: '5' },
      { name: 'images/a.JPEG', content: 'first' },
      { name: 'images/link.JPEG', type: '2' },
      { name: 'empty' },
      { name: 'old/', type: '\0' },
      { name: 'images/b.JPEG', content: 'x'.repeat(512), type: '\0' },
      { name: 'images/c.JPEG', content: 'y'.repeat(513), type: '7' },
    ])
    expect(await contents(archive)).toEqual([
      ['images/a.JPEG', 'first'],
      ['empty', ''],
      ['images/b.JPEG', 'x'.repeat(512)],
      ['images/c.JPEG', 'y'.repeat(513)],
    ])
  })

  it.each([
    ['GNU', [gnuLongName(LONG), { name: LONG.slice(0, 100), content: 'long', magic: 'ustar  \0' }], LONG],
    [
      'GNU link names',
      [
        { ...gnuLongName('to'), type: 'K' },
        { name: 'a', content: 'long' },
      ],
      'a',
    ],
    ['pax', [paxHeader({ mtime: '1.5', path: LONG }), { name: 'short', content: 'long' }], LONG],
    ['pax sizes', [paxHeader({ size: '4' }), { name: 'a', content: 'long', size: 0 }], 'a'],
    [
      'pax for all',
      [
        { ...paxHeader({ comment: 'x' }), type: 'g' },
        { name: 'a', content: 'long' },
      ],
      'a',
    ],
    [
      'ustar',
      [{ prefix: 'p'.repeat(155), name: 'q'.repeat(100), content: 'long' }],
      `${'p'.repeat(155)}/${'q'.repeat(100)}`,
    ],
    ['sizes in binary', [{ name: 'big', content: 'long', binarySize: true }], 'big'],
  ])('reads long names and sizes: %s', async (_, entries, name) => {
    const archive = writeTar([...entries, { name: 'next', content: '!' }])
    expect(await contents(archive)).toEqual([
      [name, 'long'],
      ['next', '!'],
    ])
  })

  it('gives places of an inner archive in the whole file', async () => {
    const inner = writeTar([{ name: 'x.JPEG', content: 'inside' }])
    const outer = writeTar([
      { name: 'first', content: '1' },
      { name: 'inner.tar', content: inner },
    ])
    const part = { offset: outer.indexOf(inner), length: inner.length }
    expect(await contents(outer, part)).toEqual([['x.JPEG', 'inside']])
  })

  it.each(['ustar', 'pax'])('reads what the system’s tar writes: %s', async (format) => {
    const name = `${'folder/'.repeat(12)}${'n'.repeat(60)}.JPEG`
    const root = await datasetTree({ [`files/${name}`]: 'long', 'files/a b.JPEG': 'short' })
    const path = join(root, 'a.tar')
    await promisify(execFile)('tar', [
      `--format=${format}`,
      '-cf',
      path,
      '-C',
      join(root, 'files'),
      'a b.JPEG',
      'folder',
    ])
    expect(await contents(path)).toEqual([
      ['a b.JPEG', 'short'],
      [name, 'long'],
    ])
  })
})

describe('tarIndex refuses', () => {
  const entries = [
    { name: 'a', content: 'x'.repeat(1000) },
    { name: 'b', content: 'y'.repeat(600) },
  ]
  const whole = writeTar(entries, 1) // blocks: a 0, its content 1–2, b 3, its content 4–5, the end 6
  it.each([
    [700, '1000 bytes at 512, got its end at 700'],
    [1536, '512 bytes at 1536, got its end at 1536'],
    [1600, '512 bytes at 1536, got its end at 1600'],
    [2600, '600 bytes at 2048, got its end at 2600'],
    [3072, '512 bytes at 3072, got its end at 3072'],
    [0, '512 bytes at 0, got its end at 0'],
  ])('an archive cut off at byte %i', async (length, message) => {
    await expect(contents(whole.subarray(0, length))).rejects.toThrow(
      `a.tar: must be a complete tar archive, with ${message}. It is cut off`,
    )
  })

  it('an inner archive that ends before its end mark', async () => {
    await expect(contents(whole, { offset: 0, length: 3072 })).rejects.toThrow('512 bytes at 3072')
  })

  it.each([
    ['damaged headers', Buffer.from(whole).fill('!', 1536, 1540), 1536],
    ['compressed archives', Buffer.alloc(2048, '\x1f\x8b\x08'), 0],
    ['sizes that are no numbers', writeTar([{ name: 'a', size: Number.NaN }]), 0],
    ['names of megabytes', writeTar([{ name: 'a', content: Buffer.alloc(2 ** 20 + 1), type: 'L' }]), 0],
  ])('%s', async (_, archive, position) => {
    await expect(contents(archive)).rejects.toThrow(`no valid header at byte ${position}.`)
  })
})
