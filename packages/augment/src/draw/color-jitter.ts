import { checkRange } from '@simclr/core/plain'
import { type Draw, drawSome } from './draw.ts'

/** Options of `colorJitter`. */
export interface ColorJitterOptions {
  /** s of the paper: 1 for ImageNet (default), 0.5 for CIFAR; 0 to 1.25, where factors reach 0. */
  strength?: number
  /** `multiplicative` (default, official) scales by 1 ± 0.8·s; `additive` (the paper, official "simclrv1") adds ± 0.8·s. */
  brightness?: 'multiplicative' | 'additive'
  /** Share of images that are changed; default 0.8. */
  probability?: number
}

/** What `colorJitter` draws for an image that it changes. */
export interface DrawnColorJitter {
  /** The four adjustments in the order of their application: 0 brightness, 1 contrast, 2 saturation, 3 hue. */
  readonly order: readonly number[]
  /** A factor if brightness is multiplicative, else an addend. */
  readonly brightness: number
  readonly contrast: number
  readonly saturation: number
  /** In full turns. */
  readonly hue: number
}

/** Draws four adjustments and their order; null for images that stay as they are. */
export function drawColorJitter({
  strength = 1,
  brightness = 'multiplicative',
  probability = 0.8,
}: ColorJitterOptions = {}): Draw<DrawnColorJitter | null> {
  checkRange('colorJitter: strength', strength, 0, 1.25)
  checkRange('colorJitter: probability', probability, 0, 1)
  const middle = brightness === 'multiplicative' ? 1 : 0
  const amount = 0.8 * strength
  return drawSome('colorJitter', probability, (key) => ({
    order: Array.from(key.permutation(4)),
    brightness: key.uniform(4, middle - amount, middle + amount),
    contrast: key.uniform(5, 1 - amount, 1 + amount),
    saturation: key.uniform(6, 1 - amount, 1 + amount),
    hue: key.uniform(7, -0.2 * strength, 0.2 * strength),
  }))
}
