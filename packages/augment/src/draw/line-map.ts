/**
 * A linear map from one line of pixels to another, in which every output pixel is a weighted sum of a few neighbouring
 * input pixels: what crops, resizing and blur do to the columns of an image, and then to its rows.
 */
export interface LineMap {
  /** The input pixel that `starts` count from. */
  readonly origin: number
  /** The first input pixel of each output pixel. */
  readonly starts: Int32Array
  /** How many input pixels make each output pixel, at least 1. */
  readonly counts: Int32Array
  /** The weights of output pixel i are the `counts[i]` numbers from `i * stride` on. */
  readonly weights: Float32Array
  readonly stride: number
}
