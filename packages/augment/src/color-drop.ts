/** Random colour drop: paper appendix A; to_grayscale in the official data_util.py. */
import { broadcastTo, mul, sum, type Tensor4D, tensor4d } from '@tensorflow/tfjs-core'
import type { Augmentation } from './augmentation.ts'
import { defineAugmentation } from './define-augmentation.ts'
import { type ColorDropOptions, drawColorDrop, LUMA } from './draw/color-drop.ts'
import { mapGroups } from './map-groups.ts'

/**
 * Turns images grey, in three equal channels. Draws for each image whether it does.
 *
 * @throws SimclrError if the probability is not between 0 and 1.
 */
export function colorDrop(options: ColorDropOptions = {}): Augmentation<boolean> {
  return defineAugmentation(drawColorDrop(options), (images, drawn) =>
    mapGroups(
      images,
      drawn.map((dropped) => (dropped ? 'grey' : null)),
      (some) => broadcastTo(sum<Tensor4D>(mul(some, tensor4d([...LUMA], [1, 3, 1, 1])), 1, true), some.shape),
    ),
  )
}
