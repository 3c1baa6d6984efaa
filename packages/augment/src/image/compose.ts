/** One augmentation of a single image after another. */
import { drawInTurn } from '../draw/compose.ts'
import { definePlanarAugmentation } from './define-planar-augmentation.ts'
import type { ImageAugmentation, PlainImage } from './image-augmentation.ts'
import type { PlanarImage } from './planar/planar-image.ts'

/** As `compose` of the batched entry; converts once, before the first and after the last step. */
export function compose(augmentations: readonly ImageAugmentation[]): ImageAugmentation<readonly unknown[]> {
  return definePlanarAugmentation(drawInTurn(augmentations), (image, drawn) =>
    augmentations.reduce<PlainImage | PlanarImage>(
      (current, { applyPlanar }, step) => applyPlanar(current, drawn[step]),
      image,
    ),
  )
}
