/** A decoded image in memory. */
import type { ImageSize } from '../dataset.ts'

export interface RgbImage extends ImageSize {
  /** RGB bytes, `[height, width, 3]`. */
  readonly data: Uint8Array
}
