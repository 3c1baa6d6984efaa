/** Histogram equalization of each channel: as Pillow's ImageOps.equalize. */
import {
  add,
  cast,
  clipByValue,
  cumsum,
  div,
  floor,
  gather,
  greater,
  max,
  maximum,
  ones,
  range,
  reshape,
  scatterND,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tensor2d,
  tidy,
  where,
} from '@tensorflow/tfjs-core'

/**
 * Gives all brightnesses of a channel about equally many pixels.
 *
 * @param images `[n, 3, h, w]` float32 whole numbers from 0 to 255.
 * @returns As `images`. The caller disposes it.
 */
export function equalize(images: Tensor4D): Tensor4D {
  const planes = images.shape[0] * images.shape[1]
  return tidy(() => {
    const bins = binsOf(images, planes)
    const counts = scatterND(reshape(bins, [-1, 1]), ones([images.size]), [planes * 256])
    const tables = equalizingTables(reshape(counts, [planes, 256]))
    return reshape(gather(reshape(tables, [-1]), bins), images.shape)
  })
}

/** The place of each pixel's byte in a list of 256 for each channel of each image: `[n·3·h·w]`. */
function binsOf(images: Tensor4D, planes: number): Tensor1D {
  const begins = Int32Array.from({ length: planes }, (_, plane) => 256 * plane)
  const bytes = cast(reshape(images, [planes, -1]), 'int32')
  return reshape(add(bytes, tensor2d(begins, [planes, 1])), [-1])
}

/** What becomes of each byte, given how often it comes: `[planes, 256]`. */
function equalizingTables(counts: Tensor2D): Tensor2D {
  const below = cumsum(counts, 1, true)
  const belowBrightest = max(where(greater(counts, 0), below, 0), 1, true)
  const step = wholeQuotient(belowBrightest, 255)
  const levels = wholeQuotient(add(below, wholeQuotient(step, 2)), maximum(step, 1))
  const unchanged = reshape(range(0, 256), [1, 256])
  return where(greater(step, 0), clipByValue(levels, 0, 255), unchanged) as Tensor2D
}

/** ⌊a / b⌋ of whole numbers; the half keeps an inexact division away from the next one. */
function wholeQuotient(a: Tensor, b: Tensor | number): Tensor2D {
  return floor<Tensor2D>(div(add(a, 0.5), b))
}
