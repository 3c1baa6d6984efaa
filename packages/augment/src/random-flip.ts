/** Random left-to-right flip: paper appendix A. */
import { checkRange } from '@simclr/core'
import { reverse } from '@tensorflow/tfjs-core'
import type { Augmentation, RandomOf } from './augmentation.ts'
import { defineAugmentation } from './define-augmentation.ts'
import { mapGroups } from './map-groups.ts'

/** Options of {@link randomFlip}. */
export interface RandomFlipOptions {
  /** Share of images that are mirrored; default 0.5. */
  probability?: number
}

/**
 * Mirrors images left to right. Next to a crop, use the crop's option `flip`: the same draws, at no cost.
 * Draws for each image whether it is mirrored.
 *
 * @throws SimclrError if the probability is not between 0 and 1.
 */
export function randomFlip({ probability = 0.5 }: RandomFlipOptions = {}): Augmentation<readonly boolean[]> {
  checkRange('randomFlip: probability', probability, 0, 1)
  return defineAugmentation({
    name: 'randomFlip',
    sample: (random, count) => sampleFlips(random, count, probability),
    applyPlanar: (images, flipped) =>
      mapGroups(
        images,
        flipped.map((flip) => (flip ? 'flipped' : null)),
        (some) => reverse(some, 3),
      ),
  })
}

/** Whether each of `count` images is mirrored: the same for `randomFlip` and for the crop's option `flip`. */
export function sampleFlips(random: RandomOf, count: number, probability: number): boolean[] {
  return Array.from({ length: count }, (_, i) => random(i).fold('randomFlip').uniform(0) < probability)
}
