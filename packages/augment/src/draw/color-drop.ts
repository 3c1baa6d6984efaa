import { checkRange } from '@simclr/core/plain'
import { type Draw, drawEach } from './draw.ts'

/** Options of `colorDrop`. */
export interface ColorDropOptions {
  /** Share of images that lose their colour; default 0.2. */
  probability?: number
}

/** Red, green and blue in the grey value, as tf.image.rgb_to_grayscale. */
export const LUMA = [0.2989, 0.587, 0.114] as const

/** Draws for each image whether it becomes grey. */
export function drawColorDrop({ probability = 0.2 }: ColorDropOptions = {}): Draw<boolean> {
  checkRange('colorDrop: probability', probability, 0, 1)
  return drawEach('colorDrop', (key) => key.uniform(0) < probability)
}
