/** CRC-32C (Castagnoli), and LevelDB's masking of it. */
import { type Checksum, cyclicRedundancyCheck } from './cyclic-redundancy-check.ts'

export const crc32c: Checksum = cyclicRedundancyCheck(0x82f63b78)

/** As LevelDB stores a CRC: rotated and shifted, so that the CRC of data with CRCs in it stays sound. */
export function maskedCrc32c(bytes: Uint8Array, before = 0): number {
  const crc = crc32c(bytes, before)
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}
