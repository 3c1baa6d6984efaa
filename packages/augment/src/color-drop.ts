/** Colour drop, i.e. random conversion to grey: paper appendix A; to_grayscale in the official data_util.py. */
import { checkRange } from '@simclr/core'
import { broadcastTo, mul, sum, type Tensor4D, tensor4d } from '@tensorflow/tfjs-core'
import type { Augmentation } from './augmentation.ts'
import { defineAugmentation } from './define-augmentation.ts'
import { mapGroups } from './map-groups.ts'

/** Options of {@link colorDrop}. */
export interface ColorDropOptions {
  /** Share of images that lose their colour; default 0.2. */
  probability?: number
}

/** Red, green and blue in the grey value, as tf.image.rgb_to_grayscale. */
const LUMA = [0.2989, 0.587, 0.114]

/**
 * Turns images grey, in three equal channels. Draws for each image whether it does.
 *
 * @throws SimclrError if the probability is not between 0 and 1.
 */
export function colorDrop({ probability = 0.2 }: ColorDropOptions = {}): Augmentation<readonly boolean[]> {
  checkRange('colorDrop: probability', probability, 0, 1)
  return defineAugmentation({
    name: 'colorDrop',
    sample: (random, count) =>
      Array.from({ length: count }, (_, i) => random(i).fold('colorDrop').uniform(0) < probability),
    applyPlanar: (images, dropped) =>
      mapGroups(
        images,
        dropped.map((drop) => (drop ? 'grey' : null)),
        (some) => broadcastTo(sum<Tensor4D>(mul(some, tensor4d(LUMA, [1, 3, 1, 1])), 1, true), some.shape),
      ),
  })
}
