/** From a batch's bytes to the images that networks take. */
import { div, type Tensor4D, tensor4d, tidy } from '@tensorflow/tfjs-core'
import type { ImageBatch } from './dataset.ts'

/** The batch's images `[views·n, height, width, 3]`, float32 in [0, 1]. The caller disposes the result. */
export function imageTensor({ images, height, width }: ImageBatch): Tensor4D {
  const rows = images.length / (height * width * 3)
  return tidy(() => div(tensor4d(images, [rows, height, width, 3], 'float32'), 255))
}
