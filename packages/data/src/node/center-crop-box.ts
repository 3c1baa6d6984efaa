/** The part of an image that evaluation sees (official `data_util.center_crop` for a square result). */
import type { CropBox, ImageSize } from '../dataset.ts'

/** Share of the shorter side, as in the official `CROP_PROPORTION`. */
const PROPORTION = 0.875

/** @returns a centred square of 0.875 of the shorter side, which is rounded to even at halves as Python does. */
export function centerCropBox({ height, width }: ImageSize): CropBox {
  const side = Math.max(1, roundHalfToEven(PROPORTION * Math.min(height, width)))
  return {
    top: Math.floor((height - side + 1) / 2),
    left: Math.floor((width - side + 1) / 2),
    height: side,
    width: side,
  }
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value)
  if (value - floor !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}
