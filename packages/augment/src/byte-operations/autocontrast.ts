/** Stretches the contrast of each channel: as Pillow's ImageOps.autocontrast. */
import {
  add,
  div,
  floor,
  greater,
  max,
  min,
  mul,
  sub,
  type Tensor4D,
  tidy,
  where,
} from '@tensorflow/tfjs-core'

/**
 * Moves the darkest value of each channel to 0 and the brightest to 255.
 *
 * @param images `[n, 3, h, w]` float32 whole numbers from 0 to 255.
 * @returns As `images`; the half keeps an inexact division away from the next whole number. The caller disposes it.
 */
export function autocontrast(images: Tensor4D): Tensor4D {
  return tidy(() => {
    const low: Tensor4D = min(images, [2, 3], true)
    const range = sub(max(images, [2, 3], true) as Tensor4D, low)
    const stretched = floor(div(add(mul(sub(images, low), 255), 0.5), range))
    return where(greater(range, 0), stretched, images) as Tensor4D
  })
}
