import { checkRange } from '@simclr/core/plain'
import { type Draw, drawSome } from './draw.ts'

/** Options of `solarize`. */
export interface SolarizeOptions {
  /** Values from here on are inverted; default 0.5. */
  threshold?: number
  /** Share of images that are changed; default 0.2, as for one of BYOL's views (Grill et al. 2020). */
  probability?: number
}

/** Draws the threshold for each image; null for images that stay as they are. */
export function drawSolarize({
  threshold = 0.5,
  probability = 0.2,
}: SolarizeOptions = {}): Draw<number | null> {
  checkRange('solarize: threshold', threshold, 0, 1)
  checkRange('solarize: probability', probability, 0, 1)
  return drawSome('solarize', probability, () => threshold)
}
