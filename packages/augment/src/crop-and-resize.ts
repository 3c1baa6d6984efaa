/** Cuts a box out of every image and scales it to one size; a flip costs nothing more. */
import { type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import { cropper } from './draw/crop-maps.ts'
import type { ImageSize } from './draw/draw.ts'
import type { ResampleOptions } from './draw/resample-map.ts'
import type { CropBox } from './draw/sample-crop-box.ts'
import { lineMatrices } from './line-matrices.ts'
import { separableMap } from './separable-map.ts'

/**
 * Equals the official crop_and_resize and center_crop: `tf.image.resize` of the box, which may leave [0, 1].
 *
 * @param images Planar images `[n, 3, h, w]`.
 * @param boxes One box per image, or one for all.
 * @param flipped Which images are mirrored left to right; none by default.
 * @returns `[n, 3, size.height, size.width]`. The caller disposes it.
 * @throws SimclrError if a box reaches beyond the image.
 */
export function cropAndResize(
  images: Tensor4D,
  boxes: readonly CropBox[],
  size: ImageSize,
  flipped: readonly boolean[] = [],
  options: ResampleOptions = {},
): Tensor4D {
  const [, , height, width] = images.shape
  const crop = cropper(size, options)
  const maps = boxes.map((box, i) => crop({ height, width }, box, flipped[i] ?? false))
  return tidy(() => {
    const vertical = maps.map((map) => map.vertical)
    const horizontal = maps.map((map) => map.horizontal)
    return separableMap(
      images,
      lineMatrices(vertical, height, 'left'),
      lineMatrices(horizontal, width, 'right'),
    )
  })
}
