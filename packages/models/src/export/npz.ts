/** NumPy's archive of arrays: a zip file (PKWARE APPNOTE 6.3) with one stored `.npy` file for each. */
import { SimclrError } from '@simclr/core'
import { crc32 } from '../files/crc32.ts'
import type { SafetensorsArray } from '../files/safetensors.ts'
import { encodeNpy } from './npy.ts'

const LOCAL_HEADER = 0x04034b50
const CENTRAL_HEADER = 0x02014b50
const END_OF_DIRECTORY = 0x06054b50
/** Zip 2.0: stored files. */
const VERSION = 20
const UTF8_NAMES = 0x0800
/** The 1st of January 1980, the first day that zip files know: equal arrays give equal bytes. */
const DATE = 0x0021
/** Above it, offsets would need zip64. */
const MAXIMUM_BYTES = 2 ** 32 - 2
const MAXIMUM_FILES = 2 ** 16 - 2

/**
 * Writes arrays, e.g. `await moduleWeights(encoder)`, for `numpy.load(path)`, which gives them by name.
 *
 * @returns The bytes of a `.npz` file.
 * @throws SimclrError if there are 4 GB or 65,535 arrays and more.
 */
export function encodeNpz(arrays: ReadonlyMap<string, SafetensorsArray>): Uint8Array {
  const files = [...arrays].map(([name, array]) => {
    const content = encodeNpy(array)
    return { name: new TextEncoder().encode(`${name}.npy`), content, checksum: crc32(content) }
  })
  checkSize(files)
  const local: Uint8Array[] = []
  const central: Uint8Array[] = []
  let offset = 0
  for (const { name, content, checksum } of files) {
    const size = content.length
    // Version, flags, method, time, date: the same in both headers.
    const common = [...u16(VERSION, UTF8_NAMES, 0, 0, DATE), ...u32(checksum, size, size)]
    const lengths = u16(name.length, 0)
    local.push(Uint8Array.from([...u32(LOCAL_HEADER), ...common, ...lengths]), name, content)
    // Comment, disk and attributes are empty.
    const rest = [...u16(0, 0, 0), ...u32(0, offset)]
    central.push(
      Uint8Array.from([...u32(CENTRAL_HEADER), ...u16(VERSION), ...common, ...lengths, ...rest]),
      name,
    )
    offset += 30 + name.length + size
  }
  const count = files.length
  const end = [...u16(0, 0, count, count), ...u32(byteLength(central), offset), ...u16(0)]
  return concatenate([...local, ...central, Uint8Array.from([...u32(END_OF_DIRECTORY), ...end])])
}

function checkSize(files: readonly { readonly name: Uint8Array; readonly content: Uint8Array }[]): void {
  const total = files.reduce((sum, { name, content }) => sum + 76 + 2 * name.length + content.length, 22)
  if (total <= MAXIMUM_BYTES && files.length <= MAXIMUM_FILES) return
  throw new SimclrError({
    parameter: 'encodeNpz: arrays',
    expected: `at most ${MAXIMUM_FILES} arrays and ${MAXIMUM_BYTES} bytes`,
    received: `${files.length} arrays, ${total} bytes`,
    remedy: 'Save them as safetensors, which Python reads into NumPy arrays too.',
  })
}

function u16(...values: number[]): number[] {
  return values.flatMap((value) => [value & 0xff, value >>> 8])
}

function u32(...values: number[]): number[] {
  return values.flatMap((value) => u16(value & 0xffff, value >>> 16))
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(byteLength(parts))
  let position = 0
  for (const part of parts) {
    bytes.set(part, position)
    position += part.length
  }
  return bytes
}

function byteLength(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0)
}
