/**
 * Colour jitter: brightness, contrast, saturation and hue in random order, clipped to [0, 1] after each.
 * Paper appendix A; color_jitter_rand in the official data_util.py.
 */
import { checkRange, type RandomKey } from '@simclr/core'
import { add, clipByValue, mean, mul, sub, type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import type { Augmentation } from './augmentation.ts'
import { defineAugmentation } from './define-augmentation.ts'
import { adjustHue, adjustSaturation } from './hsv.ts'
import { mapGroups } from './map-groups.ts'
import { perImage } from './per-image.ts'

/** Options of {@link colorJitter}. */
export interface ColorJitterOptions {
  /** s of the paper: 1 for ImageNet (default), 0.5 for CIFAR; 0 to 1.25, where factors reach 0. */
  strength?: number
  /** `multiplicative` (default, official) scales by 1 ± 0.8·s; `additive` (the paper, official "simclrv1") adds ± 0.8·s. */
  brightness?: 'multiplicative' | 'additive'
  /** Share of images that are changed; default 0.8. */
  probability?: number
}

/** What {@link colorJitter} draws for an image that it changes. */
export interface DrawnColorJitter {
  /** The four adjustments in the order of their application: 0 brightness, 1 contrast, 2 saturation, 3 hue. */
  readonly order: readonly number[]
  /** A factor if brightness is multiplicative, else an addend. */
  readonly brightness: number
  readonly contrast: number
  readonly saturation: number
  /** In full turns. */
  readonly hue: number
}

/**
 * Distorts colours. Images that share an order of adjustments are computed together.
 * Draws null for images that stay as they are.
 *
 * @throws SimclrError if the strength or the probability is out of range.
 */
export function colorJitter({
  strength = 1,
  brightness = 'multiplicative',
  probability = 0.8,
}: ColorJitterOptions = {}): Augmentation<readonly (DrawnColorJitter | null)[]> {
  checkRange('colorJitter: strength', strength, 0, 1.25)
  checkRange('colorJitter: probability', probability, 0, 1)
  const adjustBrightness = brightness === 'multiplicative' ? scaleBrightness : shiftBrightness
  const middle = brightness === 'multiplicative' ? 1 : 0
  const amount = 0.8 * strength

  const sampleImage = (key: RandomKey): DrawnColorJitter | null => {
    if (key.uniform(0) >= probability) return null
    return {
      order: Array.from(key.permutation(4)),
      brightness: key.uniform(4, middle - amount, middle + amount),
      contrast: key.uniform(5, 1 - amount, 1 + amount),
      saturation: key.uniform(6, 1 - amount, 1 + amount),
      hue: key.uniform(7, -0.2 * strength, 0.2 * strength),
    }
  }
  const adjust = (images: Tensor4D, drawn: readonly DrawnColorJitter[]): Tensor4D => {
    const values = (name: 'brightness' | 'contrast' | 'saturation' | 'hue') => drawn.map((one) => one[name])
    const adjustments = [
      (x: Tensor4D) => adjustBrightness(x, values('brightness')),
      (x: Tensor4D) => adjustContrast(x, values('contrast')),
      (x: Tensor4D) => adjustSaturation(x, values('saturation')),
      (x: Tensor4D) => adjustHue(x, values('hue')),
    ]
    return drawn[0]!.order.reduce((x, next) => clipByValue(adjustments[next]!(x), 0, 1), images)
  }
  return defineAugmentation({
    name: 'colorJitter',
    sample: (random, count) =>
      Array.from({ length: count }, (_, i) => sampleImage(random(i).fold('colorJitter'))),
    applyPlanar: (images, drawn) => {
      const orders = drawn.map((one) => one?.order.join(' ') ?? null)
      const pick = (indices: readonly number[]) => indices.map((i) => drawn[i]!)
      return mapGroups(images, orders, (some, indices) => adjust(some, pick(indices)))
    },
  })
}

function scaleBrightness(images: Tensor4D, factors: readonly number[]): Tensor4D {
  return tidy(() => mul(images, perImage(factors)))
}

function shiftBrightness(images: Tensor4D, addends: readonly number[]): Tensor4D {
  return tidy(() => add(images, perImage(addends)))
}

/** Scales the distance of each channel from its mean over the image. */
function adjustContrast(images: Tensor4D, factors: readonly number[]): Tensor4D {
  return tidy(() => {
    const middle: Tensor4D = mean(images, [2, 3], true)
    return add(mul(sub(images, middle), perImage(factors)), middle)
  })
}
