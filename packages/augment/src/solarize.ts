/** Solarization: inverts what is bright. */
import { greaterEqual, sub, where } from '@tensorflow/tfjs-core'
import type { Augmentation } from './augmentation.ts'
import { defineAugmentation } from './define-augmentation.ts'
import { drawSolarize, type SolarizeOptions } from './draw/solarize.ts'
import { mapGroups } from './map-groups.ts'
import { perImage } from './per-image.ts'

/**
 * Replaces values x of at least a threshold by 1 - x. Draws the threshold, null for images that stay as they are.
 *
 * @throws SimclrError if the threshold or the probability is not between 0 and 1.
 */
export function solarize(options: SolarizeOptions = {}): Augmentation<number | null> {
  return defineAugmentation(drawSolarize(options), (images, thresholds) =>
    mapGroups(
      images,
      thresholds.map((threshold) => (threshold === null ? null : 'solarized')),
      (some, indices) => {
        const isBright = greaterEqual(some, perImage(indices.map((i) => thresholds[i]!)))
        return where(isBright, sub(1, some), some)
      },
    ),
  )
}
