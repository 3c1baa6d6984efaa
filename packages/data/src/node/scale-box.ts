/** Scales a part of a decoded image to a square, each time by the faster of two ways to the same result. */
import sharp from 'sharp'
import type { CropBox } from '../dataset.ts'
import { resampleBox } from './resample-box.ts'
import type { RgbImage } from './rgb-image.ts'

/** How far sharp may displace an edge, in output pixels. */
const TOLERANCE = 1 / 8

/**
 * sharp shrinks faster than JavaScript can. It enlarges more slowly, and half an output pixel off
 * (0.16 and 2.5 grey levels from Pillow, {@link resampleBox} 0.16 for both). It knows whole pixels only.
 *
 * @param box May begin and end inside of pixels.
 * @param output `[size, size, 3]`, is overwritten.
 */
export async function scaleBox(
  image: RgbImage,
  box: CropBox,
  size: number,
  output: Uint8ClampedArray,
): Promise<void> {
  const whole = wholePixels(box)
  const shrinks = whole.height >= size && whole.width >= size
  if (!shrinks || displacement(box, whole, size) > TOLERANCE) {
    resampleBox(image, box, size, output)
    return
  }
  const { data, height, width } = image
  output.set(
    await sharp(data, { raw: { height, width, channels: 3 } })
      .extract(whole)
      .resize(size, size, { fit: 'fill', kernel: 'cubic' })
      .raw()
      .toBuffer(),
  )
}

function wholePixels({ top, left, height, width }: CropBox): CropBox {
  const rounded = { top: Math.round(top), left: Math.round(left) }
  return {
    ...rounded,
    height: Math.round(top + height) - rounded.top,
    width: Math.round(left + width) - rounded.left,
  }
}

/** The largest distance between the edges of two boxes, in output pixels. */
function displacement(box: CropBox, whole: CropBox, size: number): number {
  const vertical = [whole.top - box.top, whole.top + whole.height - box.top - box.height]
  const horizontal = [whole.left - box.left, whole.left + whole.width - box.left - box.width]
  const largest = (distances: readonly number[]): number => Math.max(...distances.map(Math.abs))
  return Math.max((largest(vertical) * size) / box.height, (largest(horizontal) * size) / box.width)
}
