/** Blocks of rows, and the similarities of one block with another: a tile of NT-Xent's similarity matrix. */
import { matMul, split, type Tensor2D, tensor2d, where } from '@tensorflow/tfjs-core'

/** Stands for a similarity that does not count: its exponential is 0 beside any other. */
const LOWEST = -3e38

/** Some rows, and the image that each of them shows. */
export interface RowBlock {
  readonly rows: Tensor2D
  readonly images: Int32Array
}

/** The rows in blocks of `size`, the last one perhaps smaller. The caller disposes their tensors. */
export function splitRows(rows: Tensor2D, images: Int32Array, size: number): RowBlock[] {
  const starts = Array.from({ length: Math.ceil(images.length / size) }, (_, i) => i * size)
  const imagesOf = starts.map((start) => images.subarray(start, start + size))
  const parts: Tensor2D[] = split(
    rows,
    imagesOf.map(({ length }) => length),
  )
  return parts.map((rows, i) => ({ rows, images: imagesOf[i]! }))
}

/**
 * The dot products of every row of one block with every row of another, `[n, m]`; where both show the same image, a
 * number so low that it does not count. Runs inside a `tidy`.
 */
export function negativeSimilarities(left: RowBlock, right: RowBlock): Tensor2D {
  const products: Tensor2D = matMul(left.rows, right.rows, false, true)
  const isSame = sameImages(left.images, right.images)
  return isSame === undefined ? products : where(isSame, LOWEST, products)
}

/** Where a row and a column show the same image, `[n, m]` bool; undefined if none do. */
function sameImages(rows: Int32Array, columns: Int32Array): Tensor2D | undefined {
  const columnsOf = new Map<number, number[]>()
  columns.forEach((image, column) => {
    columnsOf.set(image, [...(columnsOf.get(image) ?? []), column])
  })
  if (!rows.some((image) => columnsOf.has(image))) return undefined
  const marks = new Uint8Array(rows.length * columns.length)
  rows.forEach((image, row) => {
    for (const column of columnsOf.get(image) ?? []) marks[row * columns.length + column] = 1
  })
  return tensor2d(marks, [rows.length, columns.length], 'bool')
}
