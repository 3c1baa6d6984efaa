/** Lists the files of a zip archive (PKWARE APPNOTE 6.3.10, with zip64) and finds those stored without compression. */
import { ByteCursor } from './byte-cursor.ts'
import type { ByteSource } from './byte-source.ts'
import { checkWithin } from './check-within.ts'
import { refuseFile } from './refuse-file.ts'

/** A file in the archive. */
export interface ZipEntry {
  /** In bytes. */
  readonly size: number
  /** Where its local header begins; its bytes come after that. */
  readonly headerOffset: number
  /** Checksum of its bytes; 0 where the writer left it out. */
  readonly crc: number
  /** Neither compressed nor encrypted. */
  readonly isStored: boolean
}

const END = 0x06054b50
const END_BYTES = 22
const END64 = 0x06064b50
const END64_BYTES = 56
const LOCATOR64 = 0x07064b50
const LOCATOR64_BYTES = 20
const DIRECTORY = 0x02014b50
const LOCAL = 0x04034b50
const LOCAL_BYTES = 30
const LONGEST_COMMENT = 0xffff
const IN_ZIP64 = 0xffffffff

/** @throws SimclrError if the central directory is damaged, or a stored file reaches beyond the archive. */
export async function zipEntries(source: ByteSource): Promise<Map<string, ZipEntry>> {
  const { offset, size } = await findDirectory(source)
  const cursor = new ByteCursor(source.name, await source.read(offset, size))
  const entries = new Map<string, ZipEntry>()
  while (cursor.remaining > 0) {
    const [name, entry] = readEntry(cursor)
    if (entry.isStored) checkWithin(source, entry.headerOffset, LOCAL_BYTES + entry.size)
    entries.set(name, entry)
  }
  return entries
}

/**
 * Where the bytes of an entry begin.
 *
 * @throws SimclrError if they are compressed or encrypted.
 */
export async function zipDataOffset(
  source: ByteSource,
  { headerOffset, isStored }: ZipEntry,
): Promise<number> {
  if (!isStored) {
    const remedy = 'Pack it again without compression (zip -0), or save it as safetensors.'
    refuseFile(source.name, 'a zip file that stores its data as they are', 'compressed or encrypted ones', {
      remedy,
    })
  }
  const cursor = new ByteCursor(source.name, await source.read(headerOffset, LOCAL_BYTES))
  expectSignature(cursor, LOCAL)
  cursor.take(22)
  return headerOffset + LOCAL_BYTES + cursor.u16() + cursor.u16()
}

async function findDirectory(source: ByteSource): Promise<{ offset: number; size: number }> {
  const tailBytes = Math.min(source.size, END_BYTES + LONGEST_COMMENT)
  const tail = await source.read(source.size - tailBytes, tailBytes)
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength)
  for (let at = tailBytes - END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) !== END) continue
    const [size, offset] = [view.getUint32(at + 12, true), view.getUint32(at + 16, true)]
    if (size !== IN_ZIP64 && offset !== IN_ZIP64) return { offset, size }
    return findDirectory64(source, source.size - tailBytes + at)
  }
  refuseFile(source.name, 'a zip archive with its directory at the end', 'none: the file is cut off')
}

async function findDirectory64(
  source: ByteSource,
  endOffset: number,
): Promise<{ offset: number; size: number }> {
  const locator = new ByteCursor(source.name, await source.read(endOffset - LOCATOR64_BYTES, LOCATOR64_BYTES))
  expectSignature(locator, LOCATOR64)
  locator.take(4)
  const end = new ByteCursor(source.name, await source.read(locator.u64(), END64_BYTES))
  expectSignature(end, END64)
  end.take(36)
  const size = end.u64()
  return { offset: end.u64(), size }
}

function readEntry(cursor: ByteCursor): [name: string, entry: ZipEntry] {
  expectSignature(cursor, DIRECTORY)
  cursor.take(4)
  const isEncrypted = (cursor.u16() & 1) === 1
  const method = cursor.u16()
  cursor.take(4)
  const crc = cursor.u32()
  const sizes = { compressed: cursor.u32(), size: cursor.u32() }
  const [nameBytes, extraBytes, commentBytes] = [cursor.u16(), cursor.u16(), cursor.u16()]
  cursor.take(8)
  const headerOffset = cursor.u32()
  const name = cursor.text(nameBytes)
  const extra = zip64Extra(new ByteCursor(cursor.file, cursor.take(extraBytes)))
  cursor.take(commentBytes)
  const wide = (value: number) => (value === IN_ZIP64 && extra !== undefined ? extra.u64() : value)
  const size = wide(sizes.size)
  const compressed = wide(sizes.compressed)
  const isStored = !isEncrypted && method === 0 && compressed === size
  return [name, { size, headerOffset: wide(headerOffset), crc, isStored }]
}

/** The extra field that holds what 32 bits cannot. */
function zip64Extra(extra: ByteCursor): ByteCursor | undefined {
  while (extra.remaining >= 4) {
    const id = extra.u16()
    const field = extra.take(extra.u16())
    if (id === 1) return new ByteCursor(extra.file, field)
  }
  return undefined
}

function expectSignature(cursor: ByteCursor, signature: number): void {
  const found = cursor.u32()
  if (found === signature) return
  refuseFile(cursor.file, `the zip signature ${signature.toString(16)}`, found.toString(16))
}
