/** Operations that look only at one byte at a time: as Pillow's ImageOps. */
import { add, div, floor, less, minimum, mul, sub, type Tensor4D, tidy, where } from '@tensorflow/tfjs-core'
import type { ToneOperation } from '../draw/step.ts'
import { perImage } from '../per-image.ts'

const TONES: Record<ToneOperation, (images: Tensor4D, values: readonly number[]) => Tensor4D> = {
  invert: (images) => sub(255, images),
  solarize: (images, thresholds) => where(less(images, perImage(thresholds)), images, sub(255, images)),
  solarizeAdd: (images, addends) =>
    where(less(images, 128), minimum(add(images, perImage(addends)), 255), images),
  posterize: (images, bits) => {
    const steps = perImage(bits.map((kept) => 2 ** (8 - kept)))
    return mul(floor(div(images, steps)), steps)
  },
}

/**
 * @param images `[n, 3, h, w]` float32 whole numbers from 0 to 255.
 * @param values One for each image, see {@link ToneOperation}.
 * @returns As `images`. The caller disposes it.
 */
export function adjustTones(images: Tensor4D, operation: ToneOperation, values: readonly number[]): Tensor4D {
  return tidy(() => TONES[operation](images, values))
}
