/** The safetensors file format (github.com/huggingface/safetensors): named arrays behind one JSON header. */
import { SimclrError } from '@simclr/core'

/** The dtypes that are read and written, by their safetensors names. */
export type SafetensorsDtype = 'F32' | 'F64' | 'I32' | 'I64' | 'U8'

const ARRAY_TYPES = {
  F32: Float32Array,
  F64: Float64Array,
  I32: Int32Array,
  I64: BigInt64Array,
  U8: Uint8Array,
} satisfies Record<SafetensorsDtype, unknown>

/** A dense array, row-major; `values` is of the type that `dtype` names. */
export interface SafetensorsArray {
  readonly dtype: SafetensorsDtype
  readonly shape: readonly number[]
  readonly values: Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array
}

/** The format's own limit for its header. */
const MAXIMUM_HEADER_BYTES = 100_000_000
const PREFIX_BYTES = 8

/**
 * Writes arrays as the bytes of a safetensors file (little endian, as every machine that runs JavaScript today).
 * Wider dtypes come first, so that every array is aligned; the order is otherwise that of the map.
 *
 * @throws SimclrError if values do not fit their dtype and shape, or a name is the reserved `__metadata__`.
 */
export function encodeSafetensors(arrays: ReadonlyMap<string, SafetensorsArray>): Uint8Array {
  const entries = [...arrays].sort(([, a], [, b]) => bytesPerElement(b) - bytesPerElement(a))
  let end = 0
  const header = Object.fromEntries(
    entries.map(([name, array]) => {
      checkArray(name, array)
      const begin = end
      end += array.values.byteLength
      return [name, { dtype: array.dtype, shape: array.shape, data_offsets: [begin, end] }]
    }),
  )
  const unpadded = new TextEncoder().encode(JSON.stringify(header))
  const headerBytes = Math.ceil(unpadded.length / 8) * 8
  const bytes = new Uint8Array(PREFIX_BYTES + headerBytes + end).fill(
    0x20,
    PREFIX_BYTES,
    PREFIX_BYTES + headerBytes,
  )
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true)
  bytes.set(unpadded, PREFIX_BYTES)
  let position = PREFIX_BYTES + headerBytes
  for (const [, { values }] of entries) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), position)
    position += values.byteLength
  }
  return bytes
}

/**
 * Reads the bytes of a safetensors file. Arrays are copies; `__metadata__` is skipped.
 *
 * @returns The arrays in the order of the header.
 * @throws SimclrError if anything is wrong with header, dtypes, shapes or offsets, which must cover the data
 *   without gap or overlap.
 */
export function decodeSafetensors(bytes: Uint8Array): Map<string, SafetensorsArray> {
  const { header, dataStart } = readHeader(bytes)
  const arrays = new Map<string, SafetensorsArray>()
  const ranges: [begin: number, end: number][] = []
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue
    const { dtype, shape, begin, end } = readEntry(name, entry, bytes.length - dataStart)
    const values = new ARRAY_TYPES[dtype](
      new Uint8Array(bytes.subarray(dataStart + begin, dataStart + end)).buffer,
    )
    arrays.set(name, { dtype, shape, values })
    ranges.push([begin, end])
  }
  checkCoverage(ranges, bytes.length - dataStart)
  return arrays
}

function readHeader(bytes: Uint8Array): { header: object; dataStart: number } {
  const available = bytes.length - PREFIX_BYTES
  if (available < 2) fail('a file with a header', `${bytes.length} bytes`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = Number(view.getBigUint64(0, true))
  if (length > Math.min(available, MAXIMUM_HEADER_BYTES)) {
    fail(`a header of at most ${Math.min(available, MAXIMUM_HEADER_BYTES)} bytes`, `a length of ${length}`)
  }
  const dataStart = PREFIX_BYTES + length
  let header: unknown
  try {
    header = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(PREFIX_BYTES, dataStart)),
    )
  } catch (cause) {
    fail('a header in JSON', 'something else', cause)
  }
  if (!isRecord(header)) fail('a header that is a JSON object', typeof header)
  return { header, dataStart }
}

function readEntry(name: string, entry: unknown, dataBytes: number) {
  const where = `entry "${name}" with`
  if (!isRecord(entry)) fail(`${where} dtype, shape and data_offsets`, JSON.stringify(entry))
  const { dtype, shape, data_offsets: offsets } = entry
  if (typeof dtype !== 'string' || !Object.hasOwn(ARRAY_TYPES, dtype)) {
    fail(`${where} a dtype out of ${Object.keys(ARRAY_TYPES).join(', ')}`, JSON.stringify(dtype))
  }
  if (!isSizes(shape)) fail(`${where} a shape of whole numbers`, JSON.stringify(shape))
  if (!isSizes(offsets) || offsets.length !== 2) fail(`${where} two data_offsets`, JSON.stringify(offsets))
  const [begin, end] = offsets as [number, number]
  const expected = elementCount(shape) * ARRAY_TYPES[dtype as SafetensorsDtype].BYTES_PER_ELEMENT
  if (begin > end || end > dataBytes || end - begin !== expected) {
    fail(`${where} data_offsets that span ${expected} bytes and end by ${dataBytes}`, JSON.stringify(offsets))
  }
  return { dtype: dtype as SafetensorsDtype, shape, begin, end }
}

function checkCoverage(ranges: [begin: number, end: number][], dataBytes: number): void {
  let covered = 0
  for (const [begin, end] of ranges.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (begin !== covered) fail(`data without gap or overlap at byte ${covered}`, `an array at ${begin}`)
    covered = end
  }
  if (covered !== dataBytes) fail(`a file with ${covered} bytes of data`, `${dataBytes}`)
}

function checkArray(name: string, { dtype, shape, values }: SafetensorsArray): void {
  const typed = values instanceof ARRAY_TYPES[dtype]
  if (name !== '__metadata__' && typed && isSizes(shape) && elementCount(shape) === values.length) return
  throw new SimclrError({
    parameter: `encodeSafetensors: "${name}"`,
    expected: "an array whose values fit its dtype and shape, under a name other than '__metadata__'",
    received: `${dtype} [${shape.join(', ')}] with ${values.length} values in ${values.constructor.name}`,
  })
}

function bytesPerElement({ dtype }: SafetensorsArray): number {
  return ARRAY_TYPES[dtype].BYTES_PER_ELEMENT
}

function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)
}

function fail(expected: string, received: string, cause?: unknown): never {
  throw new SimclrError({
    parameter: 'decodeSafetensors: bytes',
    expected,
    received,
    remedy: 'The file is damaged or no safetensors file: use another copy.',
    cause,
  })
}
