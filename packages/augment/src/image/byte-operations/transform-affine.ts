/** Shears, shifts and turns of a single image with the nearest pixel. */
import { type AffineMap, FILL } from '../../draw/affine-map.ts'
import type { ByteImage } from './byte-image.ts'

/** Grey where the map leads outside. */
export function transformAffine({ data, width, height }: ByteImage, map: AffineMap): ByteImage {
  const [a, b, c, d, e, f] = map
  const moved = new Uint8Array(data.length).fill(FILL)
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const x = (a * column + b * row + c) >> 16
      const y = (d * column + e * row + f) >> 16
      if (x < 0 || x >= width || y < 0 || y >= height) continue
      const source = 3 * (y * width + x)
      moved.set(data.subarray(source, source + 3), 3 * (row * width + column))
    }
  }
  return { data: moved, width, height }
}
