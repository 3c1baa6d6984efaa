/** Makes an augmentation from its two halves. */
import { checkShape, SimclrError } from '@simclr/core'
import { type Tensor4D, tidy, transpose } from '@tensorflow/tfjs-core'
import type { Augmentation } from './augmentation.ts'
import type { Draw } from './draw/draw.ts'

/**
 * Checks images and the number of drawn parameters, frees intermediate tensors, and adds `apply` for interleaved images.
 *
 * @param draw Draws the parameters; `drawEach` makes one.
 * @param applyPlanar Maps `[n, 3, h, w]` images by their n parameters; may leave intermediate tensors behind.
 * @returns Its `apply` and `applyPlanar` throw a SimclrError unless images are RGB and float32 and each has parameters.
 *
 * @example
 * const invert = defineAugmentation(drawEach('invert', () => null), (images) => tf.sub(1, images))
 */
export function defineAugmentation<Drawn>(
  draw: Draw<Drawn>,
  applyPlanar: (images: Tensor4D, drawn: readonly Drawn[]) => Tensor4D,
): Augmentation<Drawn> {
  const check = (images: Tensor4D, drawn: readonly Drawn[], pattern: readonly number[]) => {
    const parameter = `${draw.name}: images`
    checkShape(parameter, images.shape, pattern, 'Images are RGB; repeat the channel of grey ones.')
    if (images.dtype !== 'float32') {
      throw new SimclrError({
        parameter,
        expected: 'float32 in [0, 1]',
        received: images.dtype,
        remedy: 'Cast bytes to float32 and divide them by 255.',
      })
    }
    if (drawn.length !== images.shape[0]) {
      throw new SimclrError({
        parameter: `${draw.name}: drawn parameters`,
        expected: `drawn for ${images.shape[0]} images`,
        received: `parameters for ${drawn.length}`,
        remedy: 'Pass the size of the batch to sample().',
      })
    }
  }
  return {
    ...draw,
    apply(images, drawn) {
      check(images, drawn, [-1, -1, -1, 3])
      return tidy(() => {
        const planar: Tensor4D = transpose(images, [0, 3, 1, 2])
        return transpose(applyPlanar(planar, drawn), [0, 2, 3, 1])
      })
    },
    applyPlanar(images, drawn) {
      check(images, drawn, [-1, 3, -1, -1])
      return tidy(() => applyPlanar(images, drawn))
    },
  }
}
