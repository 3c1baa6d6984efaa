/** Applies an augmentation to some of the images. */
import { checkRange } from '@simclr/core'
import type { Augmentation } from './augmentation.ts'
import { defineAugmentation } from './define-augmentation.ts'
import { mapGroups } from './map-groups.ts'

/** Options of {@link randomApply}. */
export interface RandomApplyOptions {
  /** Share of images that are changed. */
  probability: number
}

/** What {@link randomApply} draws. */
export interface DrawnRandomApply<Drawn> {
  /** Positions of the images that are changed, ascending. */
  readonly indices: readonly number[]
  /** What the augmentation drew for those images. */
  readonly inner: Drawn
}

/**
 * Applies `augmentation` to each image with a probability; the others come through unchanged, bit for bit.
 *
 * @param augmentation Must keep the size of images.
 * @throws SimclrError if the probability is not between 0 and 1.
 */
export function randomApply<Drawn>(
  augmentation: Augmentation<Drawn>,
  { probability }: RandomApplyOptions,
): Augmentation<DrawnRandomApply<Drawn>> {
  checkRange('randomApply: probability', probability, 0, 1)
  const name = `randomApply(${augmentation.name})`
  return defineAugmentation({
    name,
    sample: (random, count, size) => {
      const indices = Array.from({ length: count }, (_, i) => i).filter(
        (i) => random(i).fold(name).uniform(0) < probability,
      )
      return { indices, inner: augmentation.sample((i) => random(indices[i]!), indices.length, size) }
    },
    applyPlanar: (images, { indices, inner }) => {
      const labels: (string | null)[] = new Array(images.shape[0]).fill(null)
      for (const i of indices) labels[i] = 'changed'
      return mapGroups(images, labels, (some) => augmentation.applyPlanar(some, inner))
    },
  })
}
