import type { ByteSource } from './byte-source.ts'
import { checkWithin } from './check-within.ts'

/**
 * Bytes in memory as a source.
 *
 * @param name Names them in errors.
 * @param bytes Read when asked for, so they must stay as they are.
 */
export function bytesSource(name: string, bytes: Uint8Array): ByteSource {
  const source = { name, size: bytes.length }
  return {
    ...source,
    async read(offset, length) {
      checkWithin(source, offset, length)
      return new Uint8Array(bytes.subarray(offset, offset + length))
    },
  }
}
