/** The encoded bytes of an image. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import type { ImageFile } from './image-file.ts'

/**
 * Reads without yielding: a decoding thread has nothing else to do, and promises cost eight times as much.
 *
 * @throws Error if the file cannot be read, is shorter than the part says or differs from the checksum.
 */
export function readImageBytes({ path, part, checksum }: ImageFile): Buffer {
  const bytes = part ? readPart(path, part) : readFileSync(path)
  if (checksum !== undefined && crc32(bytes) !== checksum) {
    throw new Error('damaged bytes: their checksum differs from the one in the index')
  }
  return bytes
}

function readPart(path: string, { offset, length }: NonNullable<ImageFile['part']>): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  const file = openSync(path, 'r')
  try {
    let filled = 0
    while (filled < length) {
      const count = readSync(file, bytes, filled, length - filled, offset + filled)
      if (count === 0) throw new Error(`a file cut off ${length - filled} bytes before the image's end`)
      filled += count
    }
  } finally {
    closeSync(file)
  }
  return bytes
}
