/** Random left-to-right flip of a single image: paper appendix A. */
import { drawFlip, type RandomFlipOptions } from '../draw/random-flip.ts'
import { defineImageAugmentation } from './define-image-augmentation.ts'
import type { ImageAugmentation } from './image-augmentation.ts'

/**
 * As `randomFlip` of the batched entry.
 *
 * @throws SimclrError if the probability is not between 0 and 1.
 */
export function randomFlip(options: RandomFlipOptions = {}): ImageAugmentation<boolean> {
  return defineImageAugmentation(drawFlip(options), (image, flipped) => {
    if (!flipped) return image
    const { data, width } = image
    const mirrored = new Float32Array(data.length)
    for (let row = 0; row < data.length; row += 3 * width) {
      for (let x = 0; x < width; x++) {
        const source = row + 3 * (width - 1 - x)
        for (let channel = 0; channel < 3; channel++) {
          mirrored[row + 3 * x + channel] = data[source + channel]!
        }
      }
    }
    return { ...image, data: mirrored }
  })
}
