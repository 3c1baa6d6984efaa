/**
 * The index of a packed dataset, one file that holds all images of a dataset as they are encoded.
 *
 * ```
 * bytes 0..31   "SIMCLRPK", uint32 version, uint32 CRC-32 of the index, uint64 offset and uint64 length of the index
 * then          the images, one behind the other
 * then          the index to the end of the file: a {@link PackedIndex} as JSON in UTF-8
 * ```
 *
 * Numbers are little-endian. The first 32 bytes are written last.
 */
import { type FileHandle, open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { SimclrError } from '@simclr/core'
import type { SplitName } from '../dataset.ts'
import type { ImageHeader } from './image-header.ts'

export interface PackedImage {
  /** What reports call it: the path or name that it was read from. */
  readonly name: string
  /** Bytes; the image begins where the one before it ends. */
  readonly length: number
  /** CRC-32 of those bytes. */
  readonly checksum: number
  readonly header: ImageHeader
}

/** One entry per image of the split. */
export interface PackedSplit {
  /** Numbers of the images, which several splits may share. */
  readonly images: readonly number[]
  readonly labels?: readonly number[]
  /** `[images, classes]`. */
  readonly multiLabels?: readonly number[]
}

export interface PackedIndex {
  readonly name: string
  readonly classes: readonly string[]
  /** In the order of the file. */
  readonly images: readonly PackedImage[]
  readonly splits: { readonly train: PackedSplit } & Partial<Readonly<Record<SplitName, PackedSplit>>>
}

/** Where the first image begins. */
export const PACKED_START = 32

const MAGIC = 'SIMCLRPK'
const VERSION = 1

/** Completes a file whose images are written, and which stands at their end. */
export async function writePackedIndex(file: FileHandle, index: PackedIndex): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(index))
  const offset = index.images.reduce((end, { length }) => end + length, PACKED_START)
  await file.appendFile(bytes)
  const start = Buffer.alloc(PACKED_START)
  start.write(MAGIC, 'latin1')
  start.writeUInt32LE(VERSION, 8)
  start.writeUInt32LE(crc32(bytes), 12)
  start.writeBigUInt64LE(BigInt(offset), 16)
  start.writeBigUInt64LE(BigInt(bytes.length), 24)
  await file.write(start, 0, PACKED_START, 0)
}

/** @throws SimclrError if the file cannot be read, is none that was packed, is cut off, or its index is damaged. */
export async function readPackedIndex(path: string): Promise<PackedIndex> {
  const bytes = await readIndexBytes(path).catch((error: NodeJS.ErrnoException) => {
    throw new SimclrError({
      parameter: `packed dataset ${path}`,
      expected: 'a complete file that packImages has written',
      received: error.code === 'ENOENT' ? 'no such file' : error.message,
      remedy: 'Check the path, or pack the images again.',
      cause: error,
    })
  })
  return JSON.parse(bytes.toString()) as PackedIndex
}

async function readIndexBytes(path: string): Promise<Buffer> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const start = await readAt(file, 0, PACKED_START)
    if (start.length < PACKED_START || start.toString('latin1', 0, MAGIC.length) !== MAGIC) {
      throw new Error('another kind of file')
    }
    const version = start.readUInt32LE(8)
    if (version !== VERSION) throw new Error(`one of version ${version}, not ${VERSION}`)
    const offset = Number(start.readBigUInt64LE(16))
    const length = Number(start.readBigUInt64LE(24))
    if (size !== offset + length) throw new Error(`${size} bytes instead of ${offset + length}`)
    const bytes = await readAt(file, offset, length)
    if (crc32(bytes) !== start.readUInt32LE(12)) throw new Error('a damaged index')
    return bytes
  } finally {
    await file.close()
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}
