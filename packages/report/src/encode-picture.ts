/** Pictures as PNG data URIs, the only place that uses sharp. */
import { SimclrError } from '@simclr/core'
import type { Picture } from './report-data.ts'

/**
 * Encodes a picture without loss; one larger than `side` is scaled down to fit.
 *
 * @param side Longest side of the result in pixels.
 * @returns `data:image/png;base64,…`
 * @throws SimclrError if the data is not `width · height · 3` bytes.
 */
export async function encodePicture(picture: Picture, side: number): Promise<string> {
  const { data, width, height } = picture
  if (data.length !== width * height * 3 || data.length === 0) {
    throw new SimclrError({
      parameter: 'renderReport: picture',
      expected: `width · height · 3 bytes (${width * height * 3})`,
      received: `${data.length} bytes for ${width} × ${height}`,
      remedy: 'Pass interleaved RGB without an alpha channel.',
    })
  }
  const { default: sharp } = await import('sharp')
  const png = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .png({ compressionLevel: 9 })
    .toBuffer()
  return `data:image/png;base64,${png.toString('base64')}`
}
