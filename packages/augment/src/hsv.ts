/**
 * Saturation and hue of planar images, without going through HSV and without branches; equal to
 * tf.image.adjust_saturation and tf.image.adjust_hue.
 *
 * In HSV every channel lies between the largest one, `high` (the value V), and the smallest one, `low`. Saturation moves
 * channels towards or away from `high`; hue moves them along a trapezoid between `low` and `high`.
 */
import {
  abs,
  add,
  cast,
  div,
  greaterEqual,
  max,
  maximum,
  min,
  minimum,
  mul,
  relu,
  scalar,
  split,
  sub,
  type Tensor4D,
  tensor4d,
  tidy,
} from '@tensorflow/tfjs-core'
import { hueOffsets } from './draw/hue-offsets.ts'
import { runNative } from './native-kernel.ts'
import { perImage } from './per-image.ts'

/** Keeps 0 / 0 away; too small to change any other difference of channels. */
const TINY = 1e-30

/**
 * Scales the saturation S = (high - low) / high to min(S·factor, 1).
 *
 * @param images Planar images `[n, 3, h, w]`.
 * @param factors One factor of at least 0 per image.
 * @returns `[n, 3, h, w]`, not clipped. The caller disposes it.
 */
export function adjustSaturation(images: Tensor4D, factors: readonly number[]): Tensor4D {
  return runNative('AdjustSaturation', { images }, { factors }) ?? composedSaturation(images, factors)
}

function composedSaturation(images: Tensor4D, factors: readonly number[]): Tensor4D {
  return tidy(() => {
    const high: Tensor4D = max(images, 1, true)
    const chroma = sub(high, min(images, 1, true))
    const largestFactor = relu(div(high, add(chroma, scalar(TINY)))) // at which S is 1
    return sub(high, mul(sub(high, images), minimum(perImage(factors), largestFactor)))
  })
}

/**
 * Turns the hue.
 *
 * With θ the hue in sixths of a turn from red, in [-3, 3], a channel whose own hue is θ_k lies at
 * low + clip(||θ + 6·turn - θ_k| - 3| - 1, 0, 1)·chroma. |θ| is linear in the channels and the sign of θ is that of
 * green - blue, so everything is computed times chroma and nothing is divided by it.
 *
 * @param images Planar images `[n, 3, h, w]`.
 * @param turns One turn per image, in full turns; any number.
 * @returns `[n, 3, h, w]`, between the smallest and the largest channel of each pixel. The caller disposes it.
 */
export function adjustHue(images: Tensor4D, turns: readonly number[]): Tensor4D {
  return runNative('AdjustHue', { images }, { turns }) ?? composedHue(images, turns)
}

function composedHue(images: Tensor4D, turns: readonly number[]): Tensor4D {
  return tidy(() => {
    const [red, green, blue] = split(images, 3, 1) as [Tensor4D, Tensor4D, Tensor4D]
    const high: Tensor4D = max(images, 1, true)
    const low: Tensor4D = min(images, 1, true)
    const chroma = sub(high, low)
    const hueSize = add(add(sub(green, low), sub(blue, low)), sub(high, red)) // |θ|·chroma, 0 to 3·chroma
    const side = sub(mul(cast(greaterEqual(green, blue), 'float32'), 2), 1) // sign of θ, never 0
    const signedChroma = mul(side, chroma)
    const threeChroma = add(add(chroma, chroma), chroma)
    const turned = mul(signedChroma, tensor4d(turns.flatMap(hueOffsets), [turns.length, 3, 1, 1]))
    const distance = abs(add(hueSize, turned)) // |θ + 6·turn - θ_k|·chroma, 0 to 6·chroma
    const height = sub(abs(sub(distance, threeChroma)), sub(chroma, low))
    return minimum(maximum(height, low), high) as Tensor4D
  })
}
