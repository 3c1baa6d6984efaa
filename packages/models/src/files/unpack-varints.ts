import { refuseFile } from './refuse-file.ts'

/**
 * Integers that a protocol buffer packs as base-128 numbers, as little-endian bytes.
 *
 * @param width Bytes of one integer in the result; higher bits are cut off.
 * @param length Bytes of the result.
 * @throws SimclrError if there are not just as many integers.
 */
export function unpackVarints(file: string, packed: Uint8Array, width: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let to = 0
  let value = 0n
  let shift = 0n
  for (const byte of packed) {
    value |= BigInt(byte & 127) << shift
    shift += 7n
    if (shift > 70n) refuseFile(file, 'integers of at most 64 bits', 'a longer one')
    if (byte >= 128) continue
    if (to === length) refuseFile(file, `${length / width} integers`, 'more')
    for (const end = to + width; to < end; value >>= 8n) bytes[to++] = Number(value & 255n)
    value = 0n
    shift = 0n
  }
  if (to !== length || shift !== 0n)
    refuseFile(file, `${length / width} integers`, `${Math.floor(to / width)}`)
  return bytes
}
