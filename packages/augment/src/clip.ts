/** Clipping to [0, 1], which the official code does after its colour operations. */
import { clipByValue } from '@tensorflow/tfjs-core'
import type { Augmentation } from './augmentation.ts'
import { defineAugmentation } from './define-augmentation.ts'
import { drawClip } from './draw/clip.ts'

/** Clips every value to [0, 1]. Draws nothing. */
export function clip(): Augmentation<null> {
  return defineAugmentation(drawClip(), (images) => clipByValue(images, 0, 1))
}
