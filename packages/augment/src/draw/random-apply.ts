import { checkRange } from '@simclr/core/plain'
import type { Draw } from './draw.ts'

/** Options of `randomApply`. */
export interface RandomApplyOptions {
  /** Share of images that are changed. */
  probability: number
}

/** What `randomApply` draws for an image: what the augmentation drew, or null if the image stays as it is. */
export type DrawnRandomApply<Drawn> = { readonly applied: Drawn } | null

/** Draws whether an augmentation applies to each image, and what it draws for those. */
export function drawSometimes<Drawn>(
  draw: Draw<Drawn>,
  { probability }: RandomApplyOptions,
): Draw<DrawnRandomApply<Drawn>> {
  checkRange('randomApply: probability', probability, 0, 1)
  const name = `randomApply(${draw.name})`
  return {
    name,
    outputSize: draw.outputSize,
    sample: (random, count, size) => {
      const changed = Array.from({ length: count }, (_, i) => i).filter(
        (i) => random(i).fold(name).uniform(0) < probability,
      )
      const inner = draw.sample((i) => random(changed[i]!), changed.length, size)
      const drawn: DrawnRandomApply<Drawn>[] = new Array(count).fill(null)
      for (const [place, i] of changed.entries()) drawn[i] = { applied: inner[place]! }
      return drawn
    },
  }
}
