/** Reads sorted tables in LevelDB's format (github.com/google/leveldb/blob/main/doc/table_format.md). */
import { ByteCursor } from './byte-cursor.ts'
import type { ByteSource } from './byte-source.ts'
import { maskedCrc32c } from './crc32c.ts'
import { refuseFile } from './refuse-file.ts'

const FOOTER_BYTES = 48
const MAGIC = [0x8b80fb57, 0xdb477524] as const
/** Block type and masked CRC. */
const TRAILER_BYTES = 5
/** Writers store every 16th key whole, so that all keys together are at most 16 times the file. */
const MAXIMUM_GROWTH = 16

interface Entry {
  readonly key: string
  readonly value: Uint8Array
}

/** Whether the last 8 bytes of a file are those of a table. */
export function isLeveldbTable(lastBytes: Uint8Array): boolean {
  if (lastBytes.length !== 8) return false
  const cursor = new ByteCursor('', lastBytes)
  return cursor.u32() === MAGIC[0] && cursor.u32() === MAGIC[1]
}

/**
 * Reads a table whole.
 *
 * @returns Its values by their keys, in the order of the table.
 * @throws SimclrError if it is damaged, which every block's CRC tells, or compressed.
 */
export async function readLeveldbTable(source: ByteSource): Promise<Map<string, Uint8Array>> {
  const { name, size } = source
  if (size < FOOTER_BYTES) refuseFile(name, `a table of at least ${FOOTER_BYTES} bytes`, `${size} bytes`)
  const footer = await source.read(size - FOOTER_BYTES, FOOTER_BYTES)
  if (!isLeveldbTable(footer.subarray(-8))) {
    refuseFile(name, 'a table with the magic number db4775248b80fb57', 'another')
  }
  const cursor = new ByteCursor(name, footer)
  readHandle(cursor)
  const values = new Map<string, Uint8Array>()
  let room = MAXIMUM_GROWTH * size
  let covered = 0
  for (const { value } of blockEntries(name, await readBlock(source, readHandle(cursor)), room)) {
    const handle = readHandle(new ByteCursor(name, value))
    if (handle.offset < covered) refuseFile(name, `a block from byte ${covered} on`, `${handle.offset}`)
    covered = handle.offset + handle.length + TRAILER_BYTES
    const block = await readBlock(source, handle)
    for (const entry of blockEntries(name, block, room)) {
      if (values.has(entry.key)) refuseFile(name, 'keys that occur once', `'${entry.key}' again`)
      room -= entry.key.length
      values.set(entry.key, entry.value)
    }
  }
  return values
}

interface BlockHandle {
  readonly offset: number
  readonly length: number
}

function readHandle(cursor: ByteCursor): BlockHandle {
  return { offset: cursor.varint(), length: cursor.varint() }
}

async function readBlock(source: ByteSource, { offset, length }: BlockHandle): Promise<Uint8Array> {
  const bytes = await source.read(offset, length + TRAILER_BYTES)
  const trailer = new ByteCursor(source.name, bytes.subarray(length))
  const type = trailer.u8()
  if (trailer.u32() !== maskedCrc32c(bytes.subarray(0, length + 1))) {
    refuseFile(source.name, `a block at byte ${offset} that fits its CRC`, 'other bytes')
  }
  if (type !== 0) {
    const remedy = 'Save the checkpoint again with TensorFlow, which does not compress its index.'
    refuseFile(source.name, 'a table without compression', `block type ${type}`, { remedy })
  }
  return bytes.subarray(0, length)
}

/** @param room How many bytes the keys may have together. Keys are UTF-8, or binary where they begin with a 0. */
function* blockEntries(file: string, block: Uint8Array, room: number): Generator<Entry> {
  const restarts = new ByteCursor(file, block.subarray(-4)).u32()
  const end = block.length - 4 * (restarts + 1)
  if (end < 0) refuseFile(file, 'a block with room for its restarts', `${restarts} restarts`)
  const cursor = new ByteCursor(file, block.subarray(0, end))
  const text = new TextDecoder()
  const binary = new TextDecoder('latin1')
  let key = new Uint8Array(0)
  let used = 0
  while (cursor.remaining > 0) {
    const shared = cursor.varint()
    const added = cursor.varint()
    const length = cursor.varint()
    if (shared > key.length) refuseFile(file, `${shared} bytes of a key to repeat`, `${key.length}`)
    used += shared + added
    if (used > room) refuseFile(file, `keys of at most ${room} bytes together`, `${used}`)
    const rest = cursor.take(added)
    const next = new Uint8Array(shared + added)
    next.set(key.subarray(0, shared))
    next.set(rest, shared)
    key = next
    yield { key: (key[0] === 0 ? binary : text).decode(key), value: cursor.take(length) }
  }
}
