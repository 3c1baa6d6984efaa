/** One augmentation after another. */
import type { Augmentation } from './augmentation.ts'
import { defineAugmentation } from './define-augmentation.ts'
import { drawInTurn } from './draw/compose.ts'

/**
 * Chains augmentations. Draws for each image the list of what they draw. An augmentation that comes twice draws
 * independently.
 */
export function compose(augmentations: readonly Augmentation[]): Augmentation<readonly unknown[]> {
  return defineAugmentation(drawInTurn(augmentations), (images, drawn) =>
    augmentations.reduce(
      (current, { applyPlanar }, step) =>
        applyPlanar(
          current,
          drawn.map((steps) => steps[step]),
        ),
      images,
    ),
  )
}
