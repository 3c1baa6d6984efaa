/** Rotation by quarter turns, one of the operations of the paper's composition study: figures 4 and 5. */
import { reverse, type Tensor4D, transpose } from '@tensorflow/tfjs-core'
import type { Augmentation } from './augmentation.ts'
import { defineAugmentation } from './define-augmentation.ts'
import {
  checkTurn,
  drawRotation,
  type QuarterTurn,
  type RandomRotationOptions,
} from './draw/random-rotation.ts'
import { mapGroups } from './map-groups.ts'

/**
 * Turns images counter-clockwise. Draws the degrees for each image.
 *
 * @throws SimclrError unless the degrees are 0, 90, 180 or 270; when drawing or applying if 90 or 270 meet images that
 * are not square.
 */
export function randomRotation(options: RandomRotationOptions = {}): Augmentation<QuarterTurn> {
  return defineAugmentation(drawRotation(options), (images, turns) => {
    const [, , height, width] = images.shape
    for (const degrees of turns) checkTurn(degrees, { height, width })
    return mapGroups(
      images,
      turns.map((degrees) => (degrees === 0 ? null : String(degrees))),
      (some, indices) => turn(some, turns[indices[0]!]!),
    )
  })
}

function turn(images: Tensor4D, degrees: QuarterTurn): Tensor4D {
  if (degrees === 180) return reverse(images, [2, 3])
  return reverse(transpose(images, [0, 1, 3, 2]) as Tensor4D, degrees === 90 ? 2 : 3)
}
