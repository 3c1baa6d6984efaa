/** The checksum of zip files (ISO 3309, polynomial 0x04C11DB7, bits reversed). */

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte
  for (let bit = 0; bit < 8; bit++) {
    remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1
  }
  return remainder
})

/** @returns An unsigned integer of 32 bits. */
export function crc32(bytes: Uint8Array): number {
  let checksum = 0xffffffff
  for (let i = 0; i < bytes.length; i++) {
    checksum = (checksum >>> 8) ^ TABLE[(checksum ^ bytes[i]!) & 0xff]!
  }
  return ~checksum >>> 0
}
