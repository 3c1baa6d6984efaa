import type { ByteImage } from './byte-image.ts'

/** Maps the bytes of red, green and blue by a table of 256 bytes each. */
export function applyCurves(image: ByteImage, curves: readonly Uint8Array[]): ByteImage {
  return { ...image, data: image.data.map((byte, i) => curves[i % 3]![byte]!) }
}
