/** One augmentation after another. */
import type { Augmentation } from './augmentation.ts'
import { defineAugmentation } from './define-augmentation.ts'

/**
 * Chains augmentations. Draws the list of what they draw. An augmentation that comes twice draws independently.
 */
export function compose(augmentations: readonly Augmentation[]): Augmentation<readonly unknown[]> {
  return defineAugmentation({
    name: 'compose',
    outputSize: (size) => augmentations.reduce((current, { outputSize }) => outputSize(current), size),
    sample: (random, count, size) => {
      const keys = Array.from({ length: count }, (_, i) => random(i))
      const uses = new Map<string, number>()
      let current = size
      return augmentations.map(({ name, sample, outputSize }) => {
        const use = uses.get(name) ?? 0
        uses.set(name, use + 1)
        const drawn = sample((i) => (use === 0 ? keys[i]! : keys[i]!.fold(use)), count, current)
        current = outputSize(current)
        return drawn
      })
    },
    applyPlanar: (images, drawn) =>
      augmentations.reduce((current, { applyPlanar }, i) => applyPlanar(current, drawn[i]), images),
  })
}
