/** Writes MATLAB 5 files as MATLAB does: short data in short tags, characters as 16-bit codes. */
import { deflateSync } from 'node:zlib'

/** Numbers of one type, text, cells, or a struct array, whose structs all have the same fields. */
export type MatInput =
  | Uint8Array
  | Uint16Array
  | Float64Array
  | string
  | readonly MatInput[]
  | readonly MatRow[]
export interface MatRow {
  readonly [field: string]: MatInput
}

/**
 * @param variables Become arrays of one row.
 * @param compressed As `save -v7` does (default), in place of `-v6`.
 */
export function writeMatFile(variables: MatRow, { compressed = true } = {}): Uint8Array {
  const header = Buffer.alloc(128, ' ')
  header.write('MATLAB 5.0 MAT-file')
  header.fill(0, 116)
  header.writeUInt16LE(0x0100, 124)
  header.write('IM', 126)
  const arrays = Object.entries(variables).map(([name, value]) => {
    const bytes = matrix(name, value)
    return compressed ? element(15, deflateSync(bytes), 1) : bytes
  })
  return Buffer.concat([header, ...arrays])
}

function matrix(name: string, value: MatInput): Buffer {
  const { kind, parts } = content(value)
  const flags = element(6, Uint32Array.of(kind, 0))
  const size = element(5, Int32Array.of(1, value.length))
  return element(14, Buffer.concat([flags, size, element(1, Buffer.from(name, 'latin1')), ...parts]))
}

function content(value: MatInput): { kind: number; parts: Buffer[] } {
  if (typeof value === 'string') return { kind: 4, parts: [element(4, Buffer.from(value, 'utf16le'))] }
  if (value instanceof Uint8Array) return { kind: 9, parts: [element(2, value)] }
  if (value instanceof Uint16Array) return { kind: 11, parts: [element(4, value)] }
  if (value instanceof Float64Array) return { kind: 6, parts: [element(9, value)] }
  if (!isStructs(value)) return { kind: 1, parts: value.map((cell) => matrix('', cell)) }
  const fields = Object.keys(value[0]!)
  const names = Buffer.concat(fields.map((field) => Buffer.from(field.padEnd(32, '\0'))))
  const rows = value.flatMap((row) => fields.map((field) => matrix('', row[field]!)))
  return { kind: 2, parts: [element(5, Int32Array.of(32)), element(1, names), ...rows] }
}

function isStructs(value: readonly MatInput[] | readonly MatRow[]): value is readonly MatRow[] {
  const [first] = value
  return typeof first === 'object' && !Array.isArray(first) && !ArrayBuffer.isView(first)
}

function element(type: number, values: NodeJS.TypedArray, alignment = 8): Buffer {
  const data = Buffer.from(values.buffer, values.byteOffset, values.byteLength)
  if (data.length > 0 && data.length <= 4) {
    const short = Buffer.alloc(8)
    short.writeUInt16LE(type, 0)
    short.writeUInt16LE(data.length, 2)
    data.copy(short, 4)
    return short
  }
  const tag = Buffer.alloc(8)
  tag.writeUInt32LE(type, 0)
  tag.writeUInt32LE(data.length, 4)
  return Buffer.concat([tag, data, Buffer.alloc(-data.length & (alignment - 1))])
}
