import { checkInteger, checkRange } from '@simclr/core/plain'
import { type Draw, drawEach, type ImageSize } from './draw.ts'
import type { ResampleOptions } from './resample-map.ts'
import type { CropBox } from './sample-crop-box.ts'

/** Options of `centerCrop`, beside those of {@link ResampleOptions}. */
export interface CenterCropOptions extends ResampleOptions {
  /** Height and width of the result in pixels. */
  size: number
  /** Share of the shorter side that is kept; default 0.875. */
  proportion?: number
}

/** The central square of each image: nothing is random about it. */
export function drawCenterCrop({ size, proportion = 0.875 }: CenterCropOptions): Draw<CropBox> {
  checkInteger('centerCrop: size', size, 1)
  checkRange('centerCrop: proportion', proportion, Number.MIN_VALUE, 1)
  return drawEach(
    'centerCrop',
    (_, imageSize) => centralBox(imageSize, proportion),
    () => ({ height: size, width: size }),
  )
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
