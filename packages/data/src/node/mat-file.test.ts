import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { writeMatFile } from '@simclr/tools/testing'
import { describe, expect, it } from 'vitest'
import { datasetTree } from '../__fixtures__/dataset-tree.ts'
import type { DatasetInfo } from './dataset-definition.ts'
import { readMatFile } from './mat-file.ts'
import type { MatStruct } from './mat-value.ts'

const info: DatasetInfo = {
  name: 'mine',
  title: 'Mine',
  homepage: '',
  classes: 1,
  counts: { train: 1 },
  archives: [{ file: 'mine.tgz' }],
  layout: '',
}

async function read(bytes: Uint8Array): Promise<MatStruct> {
  return readMatFile(join(await datasetTree({ 'a.mat': bytes }), 'a.mat'), info)
}

describe('readMatFile', () => {
  it.each([{ compressed: true }, { compressed: false }])('reads what MATLAB writes, %o', async (options) => {
    const variables = {
      labels: Uint8Array.of(1, 102, 255, 4, 5),
      short: Uint8Array.of(7),
      ids: Uint16Array.of(1, 258, 8189),
      real: Float64Array.of(-0.5, 1e300),
      text: 'Ram C/V Škoda',
      nothing: '',
      cells: ['a b', Uint8Array.of(3), ['inner']],
      structs: [
        { fname: '00001.jpg', class: Uint8Array.of(14) },
        { fname: '00002.jpg', class: Uint16Array.of(258) },
      ],
    }
    expect(await read(writeMatFile(variables, options))).toEqual({
      ...variables,
      labels: Float64Array.of(1, 102, 255, 4, 5),
      short: Float64Array.of(7),
      ids: Float64Array.of(1, 258, 8189),
      cells: ['a b', Float64Array.of(3), ['inner']],
      structs: [
        { fname: '00001.jpg', class: Float64Array.of(14) },
        { fname: '00002.jpg', class: Float64Array.of(258) },
      ],
    })
  })

  it('reads what scipy writes', async () => {
    expect(await read(Buffer.from(SCIPY, 'base64'))).toEqual({
      annotations: [
        { class: Float64Array.of(7), fname: '00001.jpg' },
        { class: Float64Array.of(196), fname: '00002.jpg' },
      ],
      class_names: ['Ram C/V Cargo Van Minivan 2012', 'Škoda'],
      wide: Float64Array.of(1, 258, 65535),
      real: Float64Array.of(-0.5, 1e300),
      big: Float64Array.of(-(2 ** 40)),
      single: Float64Array.of(0.25),
      table: Float64Array.of(1, 4, 2, 5, 3, 6),
      none: new Float64Array(),
      empty: '',
    })
  })
})

describe('readMatFile refuses', () => {
  const good = writeMatFile({ a: Float64Array.of(1, 2) }, { compressed: false })
  /** The good file with some bytes changed: byte 144 holds the class of its array, 145 flags, 176 the type of its numbers. */
  const changed = (at: number, ...bytes: number[]): Uint8Array => {
    const copy = Uint8Array.from(good)
    copy.set(bytes, at)
    return copy
  }
  const compressed = (data: Uint8Array): Uint8Array => {
    const tag = Buffer.alloc(8)
    tag.writeUInt32LE(15, 0)
    tag.writeUInt32LE(data.length, 4)
    return Buffer.concat([good.subarray(0, 128), tag, data])
  }
  const CELLS_OF_CELLS = 100_000

  it.each([
    [
      'a MATLAB 7.3 file',
      Buffer.from('MATLAB 7.3 MAT-file, Platform: GLNXA64'.padEnd(600)),
      'a MATLAB 7.3 file',
    ],
    ['an HDF5 file', Buffer.from('\x89HDF\r\n\x1a\n'.padEnd(600), 'latin1'), 'a MATLAB 7.3 file (HDF5)'],
    ['a page in place of the file', Buffer.from('<!DOCTYPE html>'.padEnd(600)), 'a file of another kind'],
    ['an empty file', new Uint8Array(), 'a file of another kind'],
    ['a big-endian file', changed(126, 0x4d, 0x49), 'a big-endian file'],
    ['a sparse array', changed(144, 5), 'a sparse array'],
    ['an object', changed(144, 3), 'an object'],
    ['an unknown class', changed(144, 17), 'an array of class 17'],
    ['complex numbers', changed(145, 8), 'a complex array'],
    ['numbers of an unknown type', changed(176, 8), 'an element of type 8 in place of numbers'],
    ['an element that is no array', changed(128, 9), 'an element of type 9 in place of an array'],
    [
      'several rows of text',
      changed(144, 4, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 8, 0, 0, 0, 2),
      'a table of characters',
    ],
    ['more elements than bytes', changed(164, 255, 255, 255, 127), 'a file that is cut off or damaged'],
    ['fewer numbers than its size', changed(164, 3), 'a file that is cut off or damaged'],
    ['a damaged stream', compressed(Buffer.from('no zlib')), 'a file that is cut off or damaged'],
    ['a bomb', compressed(deflateSync(Buffer.alloc(2 ** 26 + 1))), 'a file that is cut off or damaged'],
    ['endless nesting', compressed(deflateSync(nested(CELLS_OF_CELLS))), 'a file that is cut off or damaged'],
  ])('%s', async (_, bytes, received) => {
    await expect(read(bytes)).rejects.toThrow(`got ${received}`)
  })

  it('a file cut at any byte within an array', async () => {
    const whole = writeMatFile({ annotations: [{ fname: '00001.jpg', class: Uint8Array.of(1) }] })
    for (let length = 129; length < whole.length; length++) {
      await expect(read(whole.subarray(0, length))).rejects.toThrow(
        /mine: .*a\.mat: must be a MATLAB 5 file .*, got a file that is cut off or damaged\. "simclr data info mine" shows/,
      )
    }
  })

  it('a missing file', async () => {
    await expect(readMatFile('/no/such/a.mat', info)).rejects.toThrow(
      'mine: /no/such/a.mat: must be a file of Mine, got no such file. Unpack mine.tgz',
    )
  })
})

/** A cell that holds a cell, and so on; lengths are all the largest, as in a file made to do harm. */
function nested(depth: number): Buffer {
  const bytes = Buffer.alloc(depth * 48)
  for (let i = 0; i < depth; i++) {
    const rest = bytes.length - i * 48 - 8
    const words = [14, rest, 6, 8, 1, 0, 5, 8, 1, 1, 1, 0]
    for (const [k, word] of words.entries()) bytes.writeUInt32LE(word, i * 48 + k * 4)
  }
  return bytes
}

/** Made with scipy 1.17.1: `savemat(file, {…}, do_compression=True, oned_as='row')` of the values in the test. */
const SCIPY = `
TUFUTEFCIDUuMCBNQVQtZmlsZSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg
ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAAAAAAAAAAAAABSU0PAAAAfAAAAHic42NgYIhgZGBgA9IcQMzEAAGs
UD4jVAxEcwNxYl5efkliSWZ+XjFUHQtYL0ieB4iTcxKLixnS8hJzU8HyfEBswIAwnxOL+TDMALaLkYEdqs8BSR8LFn2cSPoEoHwDIDDU
yypIh4qj289NwH4WoAuOUGi/EZL9AGdxEP4PAAAAagAAAHic42NgYLgAxGxAzAHEjAwQwIrEZ4LS3ECcnJNYXByfl5ibWgxWxwfEAUj6
WbDol0MyVwDKD0rMVXDWD1NwTixKz1cIS8xT8M3MyywD0kYGhkYQcy0ImMuKZi5I7dEF2fkpiQwMADz/ExQPAAAAMAAAAHic42NgYLAA
YjYg5gBibgYIYIXyGYGYGUyzMJRnpqSyQNUyMjAx/v/PwAAAPxoEKw8AAAAzAAAAeJzjY2BgcABiNiDmgNIgwArlMwIxE5hmYShKTczh
BLIFGGDgwf45pQwdNk/M6wBplwdCDwAAACoAAAB4nONjYGCwAGI2IOYAYj4GCGCF8hnhmJkhKTOdgQcqDgb///8HADa5BLkPAAAAKwAA
AHic42NgYLAAYjYg5gBidgYIYIXyGZEwSE1xZl56TipIHQuQ12AHADtfA70PAAAALwAAAHic42NgYHAAYjYg5oBiEGCFspmAmBmIGaFi
JYlJOalQPkgPIwsTKzOQAQBLkgKhDwAAACQAAAB4nONjYGAwAGI2IOaA0iDACuXDACMDC0Nefl4qJ5QPACROAh4PAAAAJwAAAHic42Ng
YLAAYjYg5gBiFgYIYIXyYYARKpaaW1BSCaQFoOIANdcCqw==`
