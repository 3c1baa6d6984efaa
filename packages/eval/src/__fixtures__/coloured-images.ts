/** Images whose class can be learned: three colours under noise. */
import { RandomKey } from '@simclr/core'

export const SIDE = 8
export const colours: string[] = ['red', 'green', 'blue']

/**
 * Noisy images `[count, SIDE, SIDE, 3]`, 60 levels brighter in the channel of their class; classes take turns.
 *
 * @param noise Levels of the noise, up to 195.
 */
export function colouredImages(
  count: number,
  { seed, noise }: { seed: number; noise: number },
): { images: Uint8Array; labels: Int32Array } {
  const random = RandomKey.fromSeed(seed)
  const labels = Int32Array.from({ length: count }, (_, i) => i % colours.length)
  const images = Uint8Array.from({ length: count * SIDE * SIDE * 3 }, (_, i) => {
    const label = labels[Math.floor(i / (SIDE * SIDE * 3))]!
    return random.uniform(i, 0, noise) + (i % 3 === label ? 60 : 0)
  })
  return { images, labels }
}
