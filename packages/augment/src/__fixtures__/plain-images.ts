/** Images of a batch without tensors, as the entry `@simclr/augment/image` takes them. */
import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { PlainImage } from '../image/image-augmentation.ts'

/** Image `i` as RGB floats. */
export function floatImage(images: Tensor4D, i: number): { data: Float32Array; width: number; height: number } {
  const [, height, width] = images.shape
  const length = height * width * 3
  return { data: images.dataSync<'float32'>().slice(i * length, (i + 1) * length), width, height }
}

/** Image `i` as a browser gives it: RGBA, and the transparency of the first pixel. */
export function rgbaImage(images: Tensor4D, i: number): PlainImage {
  const { data, ...size } = floatImage(images, i)
  const bytes = new Uint8ClampedArray((data.length / 3) * 4).fill(255)
  data.forEach((value, j) => {
    bytes[Math.floor(j / 3) * 4 + (j % 3)] = 255 * value
  })
  bytes[3] = 0
  return { data: bytes, ...size }
}

/** Image `i` as a decoder gives it: RGB. */
export function rgbImage(images: Tensor4D, i: number): PlainImage {
  const { data, ...size } = floatImage(images, i)
  return { data: new Uint8Array(Uint8ClampedArray.from(data, (value) => 255 * value)), ...size }
}
