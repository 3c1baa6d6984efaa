import type { ByteSource } from './byte-source.ts'
import { crc32 } from './crc32.ts'
import { refuseFile } from './refuse-file.ts'
import { type ZipEntry, zipDataOffset } from './zip-entries.ts'

const PIECE_BYTES = 2 ** 22

/** Bytes of a file of the archive, all by default. */
export type ZipReader = (entry: ZipEntry, begin?: number, length?: number) => Promise<Uint8Array>

/**
 * Reads stored files of an archive and checks each once against its CRC-32, piece by piece where only a part is asked
 * for. A CRC of 0, which PyTorch writes where it is told to compute none, is not checked.
 *
 * @returns A function that throws a SimclrError if bytes do not fit the CRC, or are compressed or encrypted.
 */
export function zipReader(source: ByteSource): ZipReader {
  const sound = new Set<ZipEntry>()
  return async (entry, begin = 0, length = entry.size) => {
    const start = await zipDataOffset(source, entry)
    const bytes = await source.read(start + begin, length)
    if (entry.crc === 0 || sound.has(entry)) return bytes
    const crc = length === entry.size ? crc32(bytes) : await crcInPieces(source, start, entry.size)
    if (crc !== entry.crc) {
      refuseFile(source.name, `bytes at byte ${start} that fit their CRC-32`, 'other bytes')
    }
    sound.add(entry)
    return bytes
  }
}

async function crcInPieces(source: ByteSource, start: number, size: number): Promise<number> {
  let crc = 0
  for (let at = 0; at < size; at += PIECE_BYTES) {
    crc = crc32(await source.read(start + at, Math.min(PIECE_BYTES, size - at)), crc)
  }
  return crc
}
