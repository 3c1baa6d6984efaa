/** From colour planes, as binary datasets store them, to pixels of three bytes. */
import type { ImageSize } from '@simclr/augment/image'

/**
 * @param planes Red, green and blue planes.
 * @param pixels Where the same bytes go, `[height, width, 3]`.
 * @param order Whether a plane goes row by row or column by column, default `'rows'`.
 */
export function interleave(
  planes: Uint8Array,
  pixels: Uint8Array,
  { height, width }: ImageSize,
  order: 'rows' | 'columns' = 'rows',
): void {
  const [rowStride, columnStride] = order === 'rows' ? [width, 1] : [1, height]
  const plane = height * width
  for (let row = 0, to = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = row * rowStride + column * columnStride
      pixels[to++] = planes[from]!
      pixels[to++] = planes[from + plane]!
      pixels[to++] = planes[from + 2 * plane]!
    }
  }
}
