/** One augmentation of a single image after another. */
import { drawInTurn } from '../draw/compose.ts'
import { defineImageAugmentation } from './define-image-augmentation.ts'
import type { ImageAugmentation } from './image-augmentation.ts'

/** As `compose` of the batched entry; bytes are converted once, before the first and after the last step. */
export function compose(augmentations: readonly ImageAugmentation[]): ImageAugmentation<readonly unknown[]> {
  return defineImageAugmentation(drawInTurn(augmentations), (image, drawn) =>
    augmentations.reduce((current, { applyFloat }, step) => applyFloat(current, drawn[step]), image),
  )
}
