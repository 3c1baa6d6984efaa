/** The evaluation input: central crop and resize, as center_crop in the official data_util.py. */
import type { Augmentation } from './augmentation.ts'
import { cropAndResize } from './crop-and-resize.ts'
import { defineAugmentation } from './define-augmentation.ts'
import { type CenterCropOptions, drawCenterCrop } from './draw/center-crop.ts'
import type { CropBox } from './draw/sample-crop-box.ts'

/**
 * Cuts the largest central square, `proportion` of the shorter side, and scales it. Draws the box, which is the same for
 * all images. Bicubic results may leave [0, 1]: compose with `clip` for the official evaluation input. The official code
 * leaves images of 32 pixels as they are.
 *
 * @throws SimclrError if the size or the proportion is impossible.
 */
export function centerCrop(options: CenterCropOptions): Augmentation<CropBox> {
  const output = { height: options.size, width: options.size }
  return defineAugmentation(drawCenterCrop(options), (images, boxes) =>
    cropAndResize(images, boxes.slice(0, 1), output, [], options),
  )
}
