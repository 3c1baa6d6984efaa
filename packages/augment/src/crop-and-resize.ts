/** Cuts a box out of every image and scales it to one size; a flip costs nothing more. */
import { SimclrError } from '@simclr/core'
import { type Tensor4D, tensor3d, tidy } from '@tensorflow/tfjs-core'
import type { ImageSize } from './draw/draw.ts'
import { fillResampleMatrix, type ResampleOptions } from './draw/resample-weights.ts'
import type { CropBox } from './draw/sample-crop-box.ts'
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
  const vertical = new Float32Array(boxes.length * size.height * height)
  const horizontal = new Float32Array(boxes.length * width * size.width)
  boxes.forEach((box, i) => {
    checkInside(box, { height, width })
    fillResampleMatrix(
      vertical.subarray(i * size.height * height, (i + 1) * size.height * height),
      { outputLength: size.height, outputStride: height, inputStride: 1 },
      { start: box.top, length: box.height },
      false,
      options,
    )
    fillResampleMatrix(
      horizontal.subarray(i * width * size.width, (i + 1) * width * size.width),
      { outputLength: size.width, outputStride: 1, inputStride: size.width },
      { start: box.left, length: box.width },
      flipped[i] ?? false,
      options,
    )
  })
  return tidy(() =>
    separableMap(
      images,
      tensor3d(vertical, [boxes.length, size.height, height]),
      tensor3d(horizontal, [boxes.length, width, size.width]),
    ),
  )
}

function checkInside({ top, left, height, width }: CropBox, image: ImageSize): void {
  const inside = top >= 0 && left >= 0 && top + height <= image.height && left + width <= image.width
  if (inside && height >= 1 && width >= 1) return
  throw new SimclrError({
    parameter: 'crop: box',
    expected: `inside an image of ${image.height} × ${image.width} pixels`,
    received: `${height} × ${width} at row ${top}, column ${left}`,
    remedy: 'Draw the boxes for the size of the images they are applied to.',
  })
}
