/** The header of a safetensors file (github.com/huggingface/safetensors): 8 bytes of length, then JSON. */
import { elementCount } from './element-count.ts'
import { refuseFile } from './refuse-file.ts'
import { readDtype, type StoredDtype, storedBytes } from './stored-array.ts'
import type { ArrayInfo } from './weight-file.ts'

/** Where an array lies: bytes `begin` up to `end` of the file. */
export interface SafetensorsEntry extends ArrayInfo {
  readonly stored: StoredDtype
  readonly begin: number
  readonly end: number
}

export interface SafetensorsHeader {
  /** In the order of the header. */
  readonly entries: ReadonlyMap<string, SafetensorsEntry>
  /** The strings under `__metadata__`. */
  readonly metadata: ReadonlyMap<string, string>
}

/** The bytes before the header: its length. */
export const SAFETENSORS_PREFIX = 8
/** The format's own limit for its header. */
const MAXIMUM_HEADER_BYTES = 100_000_000

/**
 * Reads and checks the length of the header.
 *
 * @param prefix The first 8 bytes, or as many as there are.
 * @param size Of the whole file.
 * @throws SimclrError if the file cannot hold such a header.
 */
export function safetensorsHeaderLength(file: string, prefix: Uint8Array, size: number): number {
  const available = size - SAFETENSORS_PREFIX
  if (available < 2) refuseFile(file, 'a file with a header', `${size} bytes`)
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength)
  const length = Number(view.getBigUint64(0, true))
  const most = Math.min(available, MAXIMUM_HEADER_BYTES)
  if (length > most) refuseFile(file, `a header of at most ${most} bytes`, `a length of ${length}`)
  return length
}

/**
 * Reads the JSON after the length.
 *
 * @param size Of the whole file, which the arrays must cover without gap or overlap.
 * @throws SimclrError if anything is wrong with it.
 */
export function parseSafetensorsHeader(file: string, bytes: Uint8Array, size: number): SafetensorsHeader {
  let header: unknown
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    refuseFile(file, 'a header in JSON', 'something else', { cause })
  }
  if (!isRecord(header)) refuseFile(file, 'a header that is a JSON object', typeof header)
  const dataStart = SAFETENSORS_PREFIX + bytes.length
  const entries = new Map<string, SafetensorsEntry>()
  for (const [name, entry] of Object.entries(header)) {
    if (name !== '__metadata__') entries.set(name, readEntry(file, name, entry, dataStart, size))
  }
  checkCoverage(file, entries, dataStart, size)
  const metadata = Object.hasOwn(header, '__metadata__') ? header.__metadata__ : {}
  return { entries, metadata: readMetadata(file, metadata) }
}

function readEntry(
  file: string,
  name: string,
  entry: unknown,
  dataStart: number,
  size: number,
): SafetensorsEntry {
  const where = `entry "${name}" with`
  const dataBytes = size - dataStart
  if (!isRecord(entry)) refuseFile(file, `${where} dtype, shape and data_offsets`, JSON.stringify(entry))
  const { dtype, shape, data_offsets: offsets } = entry
  if (!isStored(dtype)) {
    refuseFile(
      file,
      `${where} a dtype out of ${Object.keys(storedBytes).join(', ')}`,
      `${JSON.stringify(dtype)}`,
    )
  }
  if (!isSizes(shape)) refuseFile(file, `${where} a shape of whole numbers`, `${JSON.stringify(shape)}`)
  if (!isSizes(offsets) || offsets.length !== 2) {
    refuseFile(file, `${where} two data_offsets`, `${JSON.stringify(offsets)}`)
  }
  const [begin, end] = offsets as [number, number]
  const expected = elementCount(shape) * storedBytes[dtype]
  if (begin > end || end > dataBytes || end - begin !== expected) {
    const span = `${where} data_offsets that span ${expected} bytes and end by ${dataBytes}`
    refuseFile(file, span, JSON.stringify(offsets))
  }
  return { dtype: readDtype(dtype), stored: dtype, shape, begin: dataStart + begin, end: dataStart + end }
}

function checkCoverage(
  file: string,
  entries: ReadonlyMap<string, SafetensorsEntry>,
  dataStart: number,
  size: number,
): void {
  let covered = dataStart
  for (const { begin, end } of [...entries.values()].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered) {
      const expected = `data without gap or overlap at byte ${covered - dataStart}`
      refuseFile(file, expected, `an array at ${begin - dataStart}`)
    }
    covered = end
  }
  if (covered !== size) {
    refuseFile(file, `a file with ${covered - dataStart} bytes of data`, `${size - dataStart}`)
  }
}

function readMetadata(file: string, metadata: unknown): ReadonlyMap<string, string> {
  if (!isRecord(metadata)) refuseFile(file, '__metadata__ that is an object', `${JSON.stringify(metadata)}`)
  return new Map(
    Object.entries(metadata).map(([key, value]) => {
      if (typeof value !== 'string') {
        refuseFile(file, `__metadata__ "${key}" that is a string`, JSON.stringify(value))
      }
      return [key, value]
    }),
  )
}

function isStored(dtype: unknown): dtype is StoredDtype {
  return typeof dtype === 'string' && Object.hasOwn(storedBytes, dtype)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)
}
