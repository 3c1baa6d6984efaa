/** Applies a linear map to every row of an image and one to every column: crops, flips, resizing and blur. */
import type { LineMap } from '../draw/line-map.ts'
import type { FloatImage } from './image-augmentation.ts'

/** The columns by `vertical`, the rows by `horizontal`, as `separableMap` of the batched entry. */
export function applyLineMaps(image: FloatImage, vertical: LineMap, horizontal: LineMap): FloatImage {
  const { origin, starts, counts } = vertical
  const top = origin + starts.reduce((first, start) => Math.min(first, start))
  const bottom = origin + starts.reduce((end, start, i) => Math.max(end, start + counts[i]!), 0)
  const rows = mapRows(image, horizontal, top, bottom)
  const width = horizontal.starts.length
  return { data: mapColumns(rows, 3 * width, vertical, top), width, height: starts.length }
}

/** Maps the rows from `top` to before `bottom`. */
function mapRows(
  { data, width }: FloatImage,
  { origin, starts, counts, weights, stride }: LineMap,
  top: number,
  bottom: number,
): Float32Array {
  const mapped = new Float32Array((bottom - top) * starts.length * 3)
  let place = 0
  for (let y = top; y < bottom; y++) {
    for (let x = 0; x < starts.length; x++) {
      let source = 3 * (y * width + origin + starts[x]!)
      let red = 0
      let green = 0
      let blue = 0
      for (let tap = x * stride; tap < x * stride + counts[x]!; tap++) {
        const weight = weights[tap]!
        red += weight * data[source]!
        green += weight * data[source + 1]!
        blue += weight * data[source + 2]!
        source += 3
      }
      mapped[place] = red
      mapped[place + 1] = green
      mapped[place + 2] = blue
      place += 3
    }
  }
  return mapped
}

/** Maps the columns of rows of `length` numbers, of which the first is row `top` of the image. */
function mapColumns(
  rows: Float32Array,
  length: number,
  { origin, starts, counts, weights, stride }: LineMap,
  top: number,
): Float32Array {
  const mapped = new Float32Array(starts.length * length)
  for (let y = 0; y < starts.length; y++) {
    const begin = y * length
    for (let tap = 0; tap < counts[y]!; tap++) {
      const weight = weights[y * stride + tap]!
      const source = (origin + starts[y]! - top + tap) * length
      for (let x = 0; x < length; x++) mapped[begin + x]! += weight * rows[source + x]!
    }
  }
  return mapped
}
