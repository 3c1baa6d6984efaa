/** Rotation of a single image by quarter turns. */
import {
  checkTurn,
  drawRotation,
  type QuarterTurn,
  type RandomRotationOptions,
} from '../draw/random-rotation.ts'
import { defineImageAugmentation } from './define-image-augmentation.ts'
import type { ImageAugmentation } from './image-augmentation.ts'

/**
 * As `randomRotation` of the batched entry.
 *
 * @throws SimclrError unless the degrees are 0, 90, 180 or 270, and if 90 or 270 meet an image that is not square.
 */
export function randomRotation(options: RandomRotationOptions = {}): ImageAugmentation<QuarterTurn> {
  return defineImageAugmentation(drawRotation(options), (image, degrees) => {
    const { data, width, height } = image
    checkTurn(degrees, image)
    if (degrees === 0) return image
    const sourceOf = (row: number, column: number) => {
      if (degrees === 90) return column * width + (width - 1 - row)
      if (degrees === 180) return (height - 1 - row) * width + (width - 1 - column)
      return (height - 1 - column) * width + row
    }
    const turned = new Float32Array(data.length)
    for (let pixel = 0; pixel < width * height; pixel++) {
      const source = 3 * sourceOf(Math.floor(pixel / width), pixel % width)
      turned.set(data.subarray(source, source + 3), 3 * pixel)
    }
    return { data: turned, width, height }
  })
}
