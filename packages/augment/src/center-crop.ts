/** The evaluation input: central crop and resize, as center_crop in the official data_util.py. */
import { checkInteger, checkRange } from '@simclr/core'
import type { Augmentation, ImageSize } from './augmentation.ts'
import { cropAndResize } from './crop-and-resize.ts'
import { defineAugmentation } from './define-augmentation.ts'
import type { ResampleOptions } from './resample-matrix.ts'
import type { CropBox } from './sample-crop-box.ts'

/** Options of {@link centerCrop}, beside those of {@link ResampleOptions}. */
export interface CenterCropOptions extends ResampleOptions {
  /** Height and width of the result in pixels. */
  size: number
  /** Share of the shorter side that is kept; default 0.875. */
  proportion?: number
}

/**
 * Cuts the largest central square, `proportion` of the shorter side, and scales it. Draws nothing. Bicubic results may
 * leave [0, 1]: compose with `clip` for the official evaluation input. The official code leaves images of 32 pixels
 * as they are.
 *
 * @throws SimclrError if the size or the proportion is impossible.
 */
export function centerCrop({ size, proportion = 0.875, ...resample }: CenterCropOptions): Augmentation<null> {
  checkInteger('centerCrop: size', size, 1)
  checkRange('centerCrop: proportion', proportion, Number.MIN_VALUE, 1)
  const output: ImageSize = { height: size, width: size }
  return defineAugmentation({
    name: 'centerCrop',
    outputSize: () => output,
    sample: () => null,
    applyPlanar: (images) => {
      const [, , height, width] = images.shape
      return cropAndResize(images, [centralBox({ height, width }, proportion)], output, [], resample)
    },
  })
}

function centralBox({ height, width }: ImageSize, proportion: number): CropBox {
  const side = Math.max(1, roundHalfToEven(proportion * Math.min(height, width)))
  const top = Math.floor((height - side + 1) / 2)
  const left = Math.floor((width - side + 1) / 2)
  return { top, left, height: side, width: side }
}

/** Rounds as TensorFlow's rint. */
function roundHalfToEven(x: number): number {
  const rounded = Math.round(x)
  return rounded - x === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded
}
