/** Makes an augmentation from its two halves. */
import { checkShape, SimclrError } from '@simclr/core'
import { type Tensor4D, tidy, transpose } from '@tensorflow/tfjs-core'
import type { Augmentation, ImageSize } from './augmentation.ts'

/** What tells one augmentation from another; see {@link Augmentation}. */
export type AugmentationDefinition<Drawn> = Pick<Augmentation<Drawn>, 'name' | 'sample' | 'applyPlanar'> &
  Partial<Pick<Augmentation<Drawn>, 'outputSize'>>

/**
 * Completes a definition: checks images, frees intermediate tensors, and adds `apply` for interleaved images.
 *
 * @param definition `applyPlanar` maps `[n, 3, h, w]` images and may leave intermediate tensors behind;
 * `outputSize` defaults to the size of the input.
 * @returns Its `apply` and `applyPlanar` throw a SimclrError unless images are RGB and float32.
 *
 * @example
 * const invert = defineAugmentation({
 *   name: 'invert',
 *   sample: () => null,
 *   applyPlanar: (images) => tf.sub(1, images),
 * })
 */
export function defineAugmentation<Drawn>({
  name,
  sample,
  applyPlanar,
  outputSize = (size: ImageSize) => size,
}: AugmentationDefinition<Drawn>): Augmentation<Drawn> {
  const check = (images: Tensor4D, pattern: readonly number[]) => {
    checkShape(`${name}: images`, images.shape, pattern, 'Images are RGB; repeat the channel of grey ones.')
    if (images.dtype === 'float32') return
    throw new SimclrError({
      parameter: `${name}: images`,
      expected: 'float32 in [0, 1]',
      received: images.dtype,
      remedy: 'Cast bytes to float32 and divide them by 255.',
    })
  }
  return {
    name,
    sample,
    outputSize,
    apply(images, drawn) {
      check(images, [-1, -1, -1, 3])
      return tidy(() => {
        const planar: Tensor4D = transpose(images, [0, 3, 1, 2])
        return transpose(applyPlanar(planar, drawn), [0, 2, 3, 1])
      })
    },
    applyPlanar(images, drawn) {
      check(images, [-1, 3, -1, -1])
      return tidy(() => applyPlanar(images, drawn))
    },
  }
}
