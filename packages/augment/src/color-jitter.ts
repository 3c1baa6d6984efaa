/**
 * Colour jitter: brightness, contrast, saturation and hue in random order, clipped to [0, 1] after each.
 * Paper appendix A; color_jitter_rand in the official data_util.py.
 */
import { add, clipByValue, mean, mul, sub, type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import type { Augmentation } from './augmentation.ts'
import { defineAugmentation } from './define-augmentation.ts'
import { type ColorJitterOptions, type DrawnColorJitter, drawColorJitter } from './draw/color-jitter.ts'
import { adjustHue, adjustSaturation } from './hsv.ts'
import { mapGroups } from './map-groups.ts'
import { runNative } from './native-kernel.ts'
import { perImage } from './per-image.ts'

/**
 * Distorts colours. Images that share an order of adjustments are computed together.
 * Draws null for images that stay as they are.
 *
 * @throws SimclrError if the strength or the probability is out of range.
 */
export function colorJitter(options: ColorJitterOptions = {}): Augmentation<DrawnColorJitter | null> {
  const adjustBrightness = options.brightness === 'additive' ? shiftBrightness : scaleBrightness
  const adjust = (images: Tensor4D, drawn: readonly DrawnColorJitter[]): Tensor4D => {
    const values = (name: 'brightness' | 'contrast' | 'saturation' | 'hue') => drawn.map((one) => one[name])
    const adjustments = [
      (x: Tensor4D) => adjustBrightness(x, values('brightness')),
      (x: Tensor4D) => adjustContrast(x, values('contrast')),
      (x: Tensor4D) => adjustSaturation(x, values('saturation')),
      (x: Tensor4D) => adjustHue(x, values('hue')),
    ]
    return drawn[0]!.order.reduce((x, next, place) => {
      const adjusted = adjustments[next]!(x)
      return place > 0 && KEEPS_RANGE[next] ? adjusted : clipByValue(adjusted, 0, 1)
    }, images)
  }
  return defineAugmentation(drawColorJitter(options), (images, drawn) =>
    mapGroups(
      images,
      drawn.map((one) => one?.order.join(' ') ?? null),
      (some, indices) =>
        adjust(
          some,
          indices.map((i) => drawn[i]!),
        ),
    ),
  )
}

/** Saturation and hue map [0, 1] into itself: only what comes first may meet values outside, which a bicubic crop leaves. */
const KEEPS_RANGE = [false, false, true, true]

function scaleBrightness(images: Tensor4D, factors: readonly number[]): Tensor4D {
  return tidy(() => mul(images, perImage(factors)))
}

function shiftBrightness(images: Tensor4D, addends: readonly number[]): Tensor4D {
  return tidy(() => add(images, perImage(addends)))
}

/** Scales the distance of each channel from its mean over the image. */
function adjustContrast(images: Tensor4D, factors: readonly number[]): Tensor4D {
  return runNative('AdjustContrast', { images }, { factors }) ?? composedContrast(images, factors)
}

function composedContrast(images: Tensor4D, factors: readonly number[]): Tensor4D {
  return tidy(() => {
    const middle: Tensor4D = mean(images, [2, 3], true)
    return add(mul(sub(images, middle), perImage(factors)), middle)
  })
}
