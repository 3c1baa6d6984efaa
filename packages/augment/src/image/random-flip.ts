/** Random left-to-right flip of a single image: paper appendix A. */
import { drawFlip, type RandomFlipOptions } from '../draw/random-flip.ts'
import { defineImageAugmentation } from './define-image-augmentation.ts'
import type { ImageAugmentation } from './image-augmentation.ts'

/** As `randomFlip` of the batched entry. */
export function randomFlip(options: RandomFlipOptions = {}): ImageAugmentation<boolean> {
  return defineImageAugmentation(drawFlip(options), (image, flipped) => {
    if (!flipped) return image
    const { data, width, height } = image
    const mirrored = new Float32Array(data.length)
    for (let pixel = 0; pixel < width * height; pixel++) {
      const x = pixel % width
      const source = 3 * (pixel - x + (width - 1 - x))
      mirrored.set(data.subarray(source, source + 3), 3 * pixel)
    }
    return { data: mirrored, width, height }
  })
}
