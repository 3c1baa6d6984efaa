import type { ImageSize } from './draw.ts'
import type { CropBox } from './sample-crop-box.ts'

/**
 * The part of an image that evaluation sees: official `data_util.center_crop` for a square result.
 *
 * @param proportion Share of the shorter side that is kept; default 0.875, the official `CROP_PROPORTION`.
 * @returns A centred square; its side is rounded to even at halves, as TensorFlow's rint does.
 */
export function centerCropBox({ height, width }: ImageSize, proportion = 0.875): CropBox {
  const side = Math.max(1, roundHalfToEven(proportion * Math.min(height, width)))
  const top = Math.floor((height - side + 1) / 2)
  const left = Math.floor((width - side + 1) / 2)
  return { top, left, height: side, width: side }
}

function roundHalfToEven(x: number): number {
  const rounded = Math.round(x)
  return rounded - x === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded
}
