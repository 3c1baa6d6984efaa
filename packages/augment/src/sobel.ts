/** Sobel filtering, one of the operations of the paper's composition study: figures 4 and 5. */
import {
  add,
  clipByValue,
  mirrorPad,
  mul,
  slice,
  sqrt,
  square,
  sub,
  type Tensor4D,
} from '@tensorflow/tfjs-core'
import type { Augmentation } from './augmentation.ts'
import { defineAugmentation } from './define-augmentation.ts'
import { drawSobel, type SobelOptions, type SobelOutput } from './draw/sobel.ts'
import { mapGroups } from './map-groups.ts'

/**
 * Derivatives of each channel by the 3 × 3 Sobel filters, the image reflected at its borders: as tf.image.sobel_edges.
 * Draws what is computed, null for images that stay as they are.
 *
 * @throws SimclrError if the probability is not between 0 and 1; when drawing for images of a single row or column.
 */
export function sobel(options: SobelOptions = {}): Augmentation<SobelOutput | null> {
  return defineAugmentation(drawSobel(options), (images, drawn) =>
    mapGroups(images, drawn, (some, indices) => filter(some, drawn[indices[0]!]!)),
  )
}

function filter(images: Tensor4D, output: SobelOutput): Tensor4D {
  const edge: [number, number] = [1, 1]
  const padded: Tensor4D = mirrorPad(images, [[0, 0], [0, 0], edge, edge], 'reflect')
  if (output === 'horizontal') return difference(smooth(padded, 2), 3)
  if (output === 'vertical') return smooth(difference(padded, 2), 3)
  const horizontal = square(difference(smooth(padded, 2), 3))
  const vertical = square(smooth(difference(padded, 2), 3))
  const magnitude = sqrt(add(horizontal, vertical)) as Tensor4D
  return output === 'magnitude' ? magnitude : clipByValue(mul(magnitude, 1 / 4), 0, 1)
}

/** x[i-1] + 2·x[i] + x[i+1] along an axis, which gets 2 shorter. */
function smooth(images: Tensor4D, axis: number): Tensor4D {
  return add(add(window(images, axis, 0), window(images, axis, 2)), mul(window(images, axis, 1), 2))
}

/** x[i+1] - x[i-1] along an axis, which gets 2 shorter. */
function difference(images: Tensor4D, axis: number): Tensor4D {
  return sub(window(images, axis, 2), window(images, axis, 0))
}

/** All but 2 of the elements of an axis, from `begin` on. */
function window(images: Tensor4D, axis: number, begin: number): Tensor4D {
  const begins = images.shape.map((_, i) => (i === axis ? begin : 0))
  const sizes = images.shape.map((size, i) => (i === axis ? size - 2 : size))
  return slice(images, begins as Tensor4D['shape'], sizes as Tensor4D['shape'])
}
