/** Checksums of 32 bits over reversed polynomials, four bytes at a time: one table for each place of a byte. */

/** @returns The checksum of bytes as an unsigned integer; `before` is that of the bytes before these, 0 for none. */
export type Checksum = (bytes: Uint8Array, before?: number) => number

/** @param polynomial With its bits reversed. */
export function cyclicRedundancyCheck(polynomial: number): Checksum {
  const [table0, table1, table2, table3] = tables(polynomial)
  return (bytes, before = 0) => {
    let state = ~before
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
}

function tables(polynomial: number): [Uint32Array, Uint32Array, Uint32Array, Uint32Array] {
  const first = Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1
    return crc
  })
  const next = (previous: Uint32Array) => previous.map((crc) => first[crc & 255]! ^ (crc >>> 8))
  const second = next(first)
  const third = next(second)
  return [first, second, third, next(third)]
}
