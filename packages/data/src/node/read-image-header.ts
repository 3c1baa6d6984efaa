/** Reads an image's size and kind without decoding it, and refuses images that must not be decoded. */
import sharp from 'sharp'
import type { ImageHeader } from './image-header.ts'

/** First bytes of formats that torchvision's ImageFolder reads and sharp does not. */
const UNREADABLE: readonly (readonly [RegExp, string])[] = [
  [/^BM/, 'BMP'],
  [/^P[1-7]\s/, 'PNM (PBM, PGM, PPM)'],
]

/**
 * @param bytes The encoded image; its format is told by content.
 * @param maxPixels See {@link DecodingOptions.maxPixels}.
 * @throws Error if it is no image, is of a format that cannot be read, or has more than `maxPixels` pixels.
 */
export async function readImageHeader(bytes: Buffer, maxPixels = 100_000_000): Promise<ImageHeader> {
  const start = bytes.toString('latin1', 0, 3)
  const unreadable = UNREADABLE.find(([signature]) => signature.test(start))
  if (unreadable) throw new Error(`a ${unreadable[1]} image, a format that sharp cannot read`)
  const { width, height, format, space } = await sharp(bytes, { limitInputPixels: false }).metadata()
  if (width * height > maxPixels) {
    throw new Error(`${height} × ${width} pixels, more than maxPixels (${maxPixels})`)
  }
  return { height, width, jpeg: format === 'jpeg', cmyk: space === 'cmyk' }
}
