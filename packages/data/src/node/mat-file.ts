/** Reads MATLAB 5 files (`save -v6` and `-v7`), in which some datasets keep their annotations (MathWorks, "MAT-File Format"). */
import { readFile } from 'node:fs/promises'
import { inflateSync } from 'node:zlib'
import { SimclrError } from '@simclr/core'
import type { DatasetInfo } from './dataset-definition.ts'
import type { MatStruct, MatValue } from './mat-value.ts'
import { missingFile } from './read-list.ts'
import { whereToGet } from './where-to-get.ts'

/**
 * @returns the file's variables by name.
 * @throws SimclrError if the file is missing, damaged, of another kind (MATLAB 7.3 files are HDF5), or holds complex or
 * sparse numbers, objects, functions or a table of characters.
 */
export async function readMatFile(path: string, info: DatasetInfo): Promise<MatStruct> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw missingFile(path, info, error)
  })
  try {
    return readVariables(view(bytes))
  } catch (cause) {
    throw new SimclrError({
      parameter: `${info.name}: ${path}`,
      expected: 'a MATLAB 5 file of real numbers, text, cells and structs',
      received: cause instanceof Unreadable ? cause.message : 'a file that is cut off or damaged',
      remedy: whereToGet(info),
      cause,
    })
  }
}

/** Says what a file holds in place of what can be read. Damage shows as a RangeError or an error of zlib instead. */
class Unreadable extends Error {}

const HEADER_BYTES = 128
/** Far above any annotation file, so that a damaged one cannot fill the memory. */
const MOST_BYTES = 2 ** 26

const COMPRESSED = 15
const MATRIX = 14

/** Numbers by element type: bytes of one, and how it is read. */
const NUMBERS: Readonly<
  Record<number, readonly [bytes: number, read: (data: DataView, at: number) => number]>
> = {
  1: [1, (data, at) => data.getInt8(at)],
  2: [1, (data, at) => data.getUint8(at)],
  3: [2, (data, at) => data.getInt16(at, true)],
  4: [2, (data, at) => data.getUint16(at, true)],
  5: [4, (data, at) => data.getInt32(at, true)],
  6: [4, (data, at) => data.getUint32(at, true)],
  7: [4, (data, at) => data.getFloat32(at, true)],
  9: [8, (data, at) => data.getFloat64(at, true)],
  12: [8, (data, at) => Number(data.getBigInt64(at, true))],
  13: [8, (data, at) => Number(data.getBigUint64(at, true))],
}

/** Encodings of characters by element type: the integers hold one code each. */
const ENCODINGS: Readonly<Record<number, string>> = {
  1: 'latin1',
  2: 'latin1',
  4: 'utf-16le',
  16: 'utf-8',
  17: 'utf-16le',
}

const CELL = 1
const STRUCT = 2
const CHARACTER = 4
const DOUBLE = 6
const UINT64 = 15
const COMPLEX = 0x800

/** Classes of arrays that are not read, by number. */
const OTHER_CLASSES: Readonly<Record<number, string>> = {
  3: 'an object',
  5: 'a sparse array',
  16: 'a function',
}

interface Element {
  readonly type: number
  readonly data: DataView
}

function readVariables(file: DataView): MatStruct {
  checkHeader(file)
  const variables: [string, MatValue][] = []
  for (const element of elements(view(file, HEADER_BYTES))) {
    const parts = element.type === COMPRESSED ? elements(inflate(element.data)) : [element]
    for (const part of parts) variables.push(readMatrix(part))
  }
  return Object.fromEntries(variables)
}

function checkHeader(file: DataView): void {
  const start = decode('latin1', view(file, 0, Math.min(file.byteLength, 10)))
  if (start === 'MATLAB 7.3' || start.includes('HDF\r\n')) throw new Unreadable('a MATLAB 7.3 file (HDF5)')
  const mark = file.byteLength < HEADER_BYTES ? '' : decode('latin1', view(file, 126, 2))
  if (mark === 'MI') throw new Unreadable('a big-endian file')
  if (mark !== 'IM') throw new Unreadable('a file of another kind')
}

/** The elements that follow one another, each with a tag of 8 bytes, or of 4 if its data take no more than 4. */
function* elements(bytes: DataView): Generator<Element, undefined> {
  for (let at = 0; at < bytes.byteLength; ) {
    const smallLength = bytes.getUint16(at + 2, true)
    if (smallLength > 0) {
      yield { type: bytes.getUint16(at, true), data: view(bytes, at + 4, smallLength) }
      at += 8
    } else {
      const type = bytes.getUint32(at, true)
      const length = bytes.getUint32(at + 4, true)
      yield { type, data: view(bytes, at + 8, length) }
      at += 8 + (type === COMPRESSED ? length : Math.ceil(length / 8) * 8)
    }
  }
}

function readMatrix({ type, data }: Element): [name: string, value: MatValue] {
  if (type !== MATRIX) throw new Unreadable(`an element of type ${type} in place of an array`)
  if (data.byteLength === 0) return ['', new Float64Array()]
  const parts = elements(data)
  const next = (): Element => {
    const { value } = parts.next()
    if (value === undefined) throw new RangeError('an array ends early')
    return value
  }
  const flags = next().data.getUint32(0, true)
  const size = numbers(next())
  const name = text(next())
  const count = size.reduce((product, length) => product * length, 1)
  if (count > data.byteLength) throw new RangeError('more elements than bytes')
  return [name, readContent(flags, size[0]!, count, next)]
}

function readContent(flags: number, rows: number, count: number, next: () => Element): MatValue {
  const kind = flags & 0xff
  if (flags & COMPLEX) throw new Unreadable('a complex array')
  if (kind === CELL) return Array.from({ length: count }, () => readMatrix(next())[1])
  if (kind === STRUCT) {
    const fields = fieldNames(next(), next())
    return Array.from({ length: count }, () =>
      Object.fromEntries(fields.map((field) => [field, readMatrix(next())[1]])),
    )
  }
  if (kind === CHARACTER) {
    if (rows > 1) throw new Unreadable(`a table of characters with ${rows} rows`)
    return text(next())
  }
  if (kind < DOUBLE || kind > UINT64) throw new Unreadable(OTHER_CLASSES[kind] ?? `an array of class ${kind}`)
  const values = numbers(next())
  if (values.length !== count) throw new RangeError('numbers are missing')
  return values
}

function fieldNames(width: Element, names: Element): string[] {
  const [length = 0] = numbers(width)
  const all = text(names)
  return Array.from({ length: all.length / length }, (_, i) => {
    return all.slice(i * length, (i + 1) * length).replace(/\0.*/s, '')
  })
}

function numbers({ type, data }: Element): Float64Array {
  const kind = NUMBERS[type]
  if (kind === undefined) throw new Unreadable(`an element of type ${type} in place of numbers`)
  const [bytes, read] = kind
  return Float64Array.from({ length: data.byteLength / bytes }, (_, i) => read(data, i * bytes))
}

function text({ type, data }: Element): string {
  const encoding = ENCODINGS[type]
  if (encoding === undefined) throw new Unreadable(`an element of type ${type} in place of text`)
  return decode(encoding, data)
}

function decode(encoding: string, data: DataView): string {
  return new TextDecoder(encoding).decode(data)
}

function inflate(data: DataView): DataView {
  return view(inflateSync(data, { maxOutputLength: MOST_BYTES }))
}

/** @throws RangeError if the part passes the end. */
function view(
  bytes: Uint8Array | DataView,
  offset = 0,
  length: number = bytes.byteLength - offset,
): DataView {
  if (offset + length > bytes.byteLength) throw new RangeError('the file ends early')
  return new DataView(bytes.buffer, bytes.byteOffset + offset, length)
}
