/** Where the files of a tar archive lie, so that they can be read in place (POSIX ustar and pax, GNU long names). */
import type { FileHandle } from 'node:fs/promises'
import { SimclrError } from '@simclr/core'

/** A part of a file, in bytes. */
export interface ByteRange {
  readonly offset: number
  readonly length: number
}

/** A plain file of an archive; its bytes are uncompressed at this place of the archive. */
export interface TarMember extends ByteRange {
  readonly name: string
}

const BLOCK = 512
/** Offsets of a header's fields. */
const NAME = [0, 100] as const
const SIZE = [124, 136] as const
const CHECKSUM = [148, 156] as const
const TYPE = 156
const MAGIC = [257, 263] as const
const PREFIX = [345, 500] as const
/** Types of headers of plain files. */
const PLAIN = ['0', '\0', '7']
/** Bytes of a header that describes the next one; a name is far shorter. */
const LONGEST_DESCRIPTION = 2 ** 20

/**
 * Reads the headers of an archive, not its contents. Folders, links and devices are left out.
 *
 * @param path What errors call the archive.
 * @param part Where the archive lies in the file, for an archive inside of another; default: the whole file.
 * @returns the plain files in the archive's order, with offsets from the beginning of the whole file.
 * @throws SimclrError with the offset at which the archive is cut off or damaged, also if its end mark is missing.
 */
export async function tarIndex(file: FileHandle, path: string, part?: ByteRange): Promise<TarMember[]> {
  const start = part?.offset ?? 0
  const end = part ? start + part.length : (await file.stat()).size
  const members: TarMember[] = []
  const header = new Uint8Array(BLOCK)
  let extended: Extended = {}
  for (let position = start; ; ) {
    await readExactly(file, header, position, end, path)
    if (header.every((byte) => byte === 0)) return members
    checkHeader(header, path, position)
    const type = String.fromCharCode(header[TYPE]!)
    const length = extended.size ?? number(header, SIZE)
    const offset = position + BLOCK
    const describes = type === 'L' || type === 'x'
    if (!Number.isInteger(length) || (describes && length > LONGEST_DESCRIPTION))
      throw invalid(path, position)
    if (offset + length > end) throw cutOff(path, offset, length, end)
    if (describes) {
      const bytes = new Uint8Array(length)
      await readExactly(file, bytes, offset, end, path)
      extended = { ...extended, ...(type === 'L' ? { name: text(bytes) } : paxFields(bytes)) }
    } else if (type !== 'K' && type !== 'g') {
      const name = extended.name ?? headerName(header)
      if (PLAIN.includes(type) && !name.endsWith('/')) members.push({ name, offset, length })
      extended = {}
    }
    position = offset + Math.ceil(length / BLOCK) * BLOCK
  }
}

/** What a header before the file's own says about it. */
interface Extended {
  readonly name?: string
  readonly size?: number
}

async function readExactly(
  file: FileHandle,
  bytes: Uint8Array,
  position: number,
  end: number,
  path: string,
): Promise<void> {
  if (position + bytes.length > end) throw cutOff(path, position, bytes.length, end)
  const { bytesRead } = await file.read(bytes, 0, bytes.length, position)
  if (bytesRead < bytes.length) throw cutOff(path, position, bytes.length, position + bytesRead)
}

function cutOff(path: string, position: number, length: number, end: number): SimclrError {
  return new SimclrError({
    parameter: path,
    expected: `a complete tar archive, with ${length} bytes at ${position}`,
    received: `its end at ${end}`,
    remedy: 'It is cut off: download it again.',
  })
}

function invalid(path: string, position: number): SimclrError {
  return new SimclrError({
    parameter: path,
    expected: 'an uncompressed tar archive',
    received: `no valid header at byte ${position}`,
    remedy: 'It is damaged or of another kind: check its size and checksum.',
  })
}

/** The header's bytes must sum to its checksum, whose own bytes count as blanks. */
function checkHeader(header: Uint8Array, path: string, position: number): void {
  const [from, to] = CHECKSUM
  const sum = header.reduce((total, byte, i) => total + (i >= from && i < to ? 32 : byte), 0)
  if (sum !== number(header, CHECKSUM)) throw invalid(path, position)
}

function headerName(header: Uint8Array): string {
  const name = text(header.subarray(...NAME))
  const prefix = text(header.subarray(...MAGIC)) === 'ustar' ? text(header.subarray(...PREFIX)) : ''
  return prefix === '' ? name : `${prefix}/${name}`
}

/** Text up to the first zero byte. */
function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return Buffer.from(bytes.subarray(0, end < 0 ? bytes.length : end)).toString('utf8')
}

/** Octal digits, or big-endian binary where the first bit is set (GNU, for 8 GiB and more). */
function number(header: Uint8Array, [from, to]: readonly [number, number]): number {
  const field = header.subarray(from, to)
  const digits = text(field).trim()
  if (field[0]! < 128) return /^[0-7]*$/.test(digits) ? Number.parseInt(`0${digits}`, 8) : Number.NaN
  return field.subarray(1).reduce((value, byte) => value * 256 + byte, 0)
}

/** Records are `length key=value\n`, length in bytes of the whole record. */
function paxFields(bytes: Uint8Array): Extended {
  let name: string | undefined
  let size: number | undefined
  for (let start = 0; start < bytes.length; ) {
    const length = Number.parseInt(Buffer.from(bytes.subarray(start, start + 20)).toString('latin1'), 10)
    if (!(length > 0)) break
    const record = Buffer.from(bytes.subarray(start, start + length)).toString('utf8')
    const [, key, value] = /^\d+ ([^=]*)=(.*)\n$/s.exec(record) ?? []
    if (key === 'path') name = value
    if (key === 'size') size = Number(value)
    start += length
  }
  return { ...(name !== undefined && { name }), ...(size !== undefined && { size }) }
}
