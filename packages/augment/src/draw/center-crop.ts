import { checkInteger, checkRange } from '@simclr/core/plain'
import { centerCropBox } from './center-crop-box.ts'
import { type Draw, drawEach } from './draw.ts'
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
    (_, imageSize) => centerCropBox(imageSize, proportion),
    () => ({ height: size, width: size }),
  )
}
