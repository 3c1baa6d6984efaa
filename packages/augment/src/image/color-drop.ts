/** Random colour drop of a single image: paper appendix A. */
import { type ColorDropOptions, drawColorDrop, LUMA } from '../draw/color-drop.ts'
import { defineImageAugmentation } from './define-image-augmentation.ts'
import type { ImageAugmentation } from './image-augmentation.ts'

/**
 * As `colorDrop` of the batched entry.
 *
 * @throws SimclrError if the probability is not between 0 and 1.
 */
export function colorDrop(options: ColorDropOptions = {}): ImageAugmentation<boolean> {
  return defineImageAugmentation(drawColorDrop(options), (image, dropped) => {
    if (!dropped) return image
    const { data } = image
    const grey = new Float32Array(data.length)
    for (let i = 0; i < data.length; i += 3) {
      const luma = LUMA[0] * data[i]! + LUMA[1] * data[i + 1]! + LUMA[2] * data[i + 2]!
      grey[i] = luma
      grey[i + 1] = luma
      grey[i + 2] = luma
    }
    return { ...image, data: grey }
  })
}
