import { SimclrError } from '@simclr/core/plain'
import type { ImageSize } from './draw.ts'
import type { LineMap } from './line-map.ts'
import { type ResampleOptions, resampler } from './resample-map.ts'
import type { CropBox } from './sample-crop-box.ts'

/** A crop with resize and flip, as a map of every column and one of every row. */
export interface CropMaps {
  readonly vertical: LineMap
  readonly horizontal: LineMap
}

/**
 * Cuts boxes out of images and scales them to size `output`.
 *
 * @returns The maps of a box in an image; `flipped` mirrors the result left to right.
 * @throws SimclrError (what is returned) if the box reaches beyond the image.
 */
export function cropper(
  output: ImageSize,
  options: ResampleOptions,
): (image: ImageSize, box: CropBox, flipped: boolean) => CropMaps {
  const vertical = resampler(output.height, options)
  const horizontal = resampler(output.width, options)
  return (image, box, flipped) => {
    checkInside(box, image)
    return {
      vertical: vertical({ start: box.top, length: box.height }, false),
      horizontal: horizontal({ start: box.left, length: box.width }, flipped),
    }
  }
}

/** How far a box may reach beyond an image, in pixels: its edges may be rounded results of divisions. */
const ROUNDING = 1e-6

function checkInside({ top, left, height, width }: CropBox, image: ImageSize): void {
  const bottom = top + height - ROUNDING
  const right = left + width - ROUNDING
  const inside = top >= 0 && left >= 0 && bottom <= image.height && right <= image.width
  if (inside && height > 0 && width > 0) return
  throw new SimclrError({
    parameter: 'crop: box',
    expected: `inside an image of ${image.height} × ${image.width} pixels`,
    received: `${height} × ${width} at row ${top}, column ${left}`,
    remedy: 'Draw the boxes for the size of the images they are applied to.',
  })
}
