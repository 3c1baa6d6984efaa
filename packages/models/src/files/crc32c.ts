/** CRC-32C (Castagnoli), four bytes at a time, and LevelDB's masking of it. */

const POLYNOMIAL = 0x82f63b78
const [table0, table1, table2, table3] = tables()

/** @param crc Of the bytes before these, to go on from. Default 0: none. */
export function crc32c(bytes: Uint8Array, crc = 0): number {
  let state = ~crc
  const end = bytes.length - (bytes.length % 4)
  let i = 0
  for (; i < end; i += 4) {
    state ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)
    state =
      table3[state & 255]! ^
      table2[(state >>> 8) & 255]! ^
      table1[(state >>> 16) & 255]! ^
      table0[state >>> 24]!
  }
  for (; i < bytes.length; i++) state = table0[(state ^ bytes[i]!) & 255]! ^ (state >>> 8)
  return ~state >>> 0
}

/** As LevelDB stores a CRC: rotated and shifted, so that the CRC of data with CRCs in it stays sound. */
export function maskedCrc32c(bytes: Uint8Array, before = 0): number {
  const crc = crc32c(bytes, before)
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}

function tables(): [Uint32Array, Uint32Array, Uint32Array, Uint32Array] {
  const first = Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1
    return crc
  })
  const next = (previous: Uint32Array) => previous.map((crc) => first[crc & 255]! ^ (crc >>> 8))
  const second = next(first)
  const third = next(second)
  return [first, second, third, next(third)]
}
