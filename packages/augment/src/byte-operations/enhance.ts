/** Brightness, colour, contrast and sharpness: as Pillow's ImageEnhance. */
import {
  add,
  clipByValue,
  div,
  floor,
  mean,
  mul,
  pad,
  scalar,
  slice,
  sub,
  sum,
  type Tensor,
  type Tensor4D,
  tensor4d,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core'
import { GREY_WEIGHTS } from '../draw/grey-byte.ts'
import type { EnhanceOperation } from '../draw/step.ts'
import { perImage } from '../per-image.ts'

/**
 * Moves images away from black, from their grey version, their mean grey or their smooth version, or towards it.
 *
 * @param images `[n, 3, h, w]` float32 whole numbers from 0 to 255.
 * @param factors One of at least 0 for each image; 1 changes nothing.
 * @returns As `images`. The caller disposes it.
 */
export function enhance(images: Tensor4D, operation: EnhanceOperation, factors: readonly number[]): Tensor4D {
  return tidy(() => {
    const factor = perImage(factors)
    if (operation === 'brightness') return blend(scalar(0), images, factor)
    if (operation === 'color') return blend(grey(images), images, factor)
    if (operation === 'sharpness') return sharpen(images, factor)
    const middle: Tensor4D = mean(grey(images), [2, 3], true)
    return blend(floor(add(middle, 0.5)), images, factor)
  })
}

/** As `blendBytes`: every operation rounds to float32. */
function blend(from: Tensor, to: Tensor4D, factor: Tensor4D): Tensor4D {
  return floor(clipByValue(add(from, mul(factor, sub(to, from))), 0, 255))
}

/** As `greyByte`: whole numbers below 2^24, which float32 holds exactly. */
function grey(images: Tensor4D): Tensor4D {
  const weighted: Tensor4D = sum(mul(images, tensor4d([...GREY_WEIGHTS], [1, 3, 1, 1])), 1, true)
  return floor(div(add(weighted, 2 ** 15), 2 ** 16))
}

/** Pixels at the border have no smooth version and stay. */
function sharpen(images: Tensor4D, factor: Tensor4D): Tensor4D {
  const [, , height, width] = images.shape
  if (height < 3 || width < 3) return images
  const window = (x: Tensor4D, axis: 2 | 3, begin: number): Tensor4D => {
    const begins = [0, 0, 0, 0].with(axis, begin) as Tensor4D['shape']
    return slice(x, begins, x.shape.with(axis, x.shape[axis] - 2) as Tensor4D['shape'])
  }
  const threeAlong = (x: Tensor4D, axis: 2 | 3) =>
    add(add(window(x, axis, 0), window(x, axis, 1)), window(x, axis, 2)) as Tensor4D
  const inner = window(window(images, 2, 1), 3, 1)
  const weighted = add(threeAlong(threeAlong(images, 2), 3), mul(inner, 4))
  const smooth = floor(add(div(weighted, 13), 0.5)) as Tensor4D
  const edges: [number, number][] = [
    [0, 0],
    [0, 0],
    [1, 1],
    [1, 1],
  ]
  const border = pad(zeros([1, 1, height - 2, width - 2]), edges, 1)
  return add(pad(blend(smooth, inner, factor), edges), mul(images, border))
}
