import { SimclrError } from '@simclr/core/plain'
import type { ImageSize } from './draw.ts'
import type { LineMap } from './line-map.ts'
import { type ResampleOptions, resampleMap } from './resample-map.ts'
import type { CropBox } from './sample-crop-box.ts'

/** A crop with resize and flip, as a map of every column and one of every row. */
export interface CropMaps {
  readonly vertical: LineMap
  readonly horizontal: LineMap
}

/**
 * The maps that cut `box` out of an image of size `image` and scale it to size `output`.
 *
 * @param flipped Whether the result is mirrored left to right.
 * @throws SimclrError if the box reaches beyond the image.
 */
export function cropMaps(
  box: CropBox,
  image: ImageSize,
  output: ImageSize,
  flipped: boolean,
  options: ResampleOptions,
): CropMaps {
  checkInside(box, image)
  return {
    vertical: resampleMap({ start: box.top, length: box.height }, output.height, false, options),
    horizontal: resampleMap({ start: box.left, length: box.width }, output.width, flipped, options),
  }
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
