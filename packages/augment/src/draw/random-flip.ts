import { checkRange } from '@simclr/core/plain'
import { type Draw, drawEach } from './draw.ts'

/** Options of `randomFlip`. */
export interface RandomFlipOptions {
  /** Share of images that are mirrored; default 0.5. */
  probability?: number
}

/** Draws for each image whether it is mirrored left to right. */
export function drawFlip({ probability = 0.5 }: RandomFlipOptions = {}): Draw<boolean> {
  checkRange('randomFlip: probability', probability, 0, 1)
  return drawEach('randomFlip', (key) => key.uniform(0) < probability)
}
