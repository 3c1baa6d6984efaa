/** Makes an augmentation of single images from its two halves. */
import { checkInteger, SimclrError } from '@simclr/core/plain'
import type { Draw } from '../draw/draw.ts'
import type { FloatImage, ImageAugmentation, PlainImage } from './image-augmentation.ts'

/**
 * Adds checks and the conversion from and to bytes.
 *
 * @param applyFloat Maps RGB floats by the parameters of one image; must not write to its argument.
 * @returns Its `apply` throws a SimclrError unless data, width and height agree.
 */
export function defineImageAugmentation<Drawn>(
  draw: Draw<Drawn>,
  applyFloat: (image: FloatImage, drawn: Drawn) => FloatImage,
): ImageAugmentation<Drawn> {
  return {
    ...draw,
    applyFloat,
    apply: (image, drawn) => fromFloat(applyFloat(toFloat(draw.name, image), drawn), image),
  }
}

function toFloat(name: string, { data, width, height }: PlainImage): FloatImage {
  checkInteger(`${name}: width of the image`, width, 1)
  checkInteger(`${name}: height of the image`, height, 1)
  const channels = data.length / (width * height)
  if (channels !== 3 && (channels !== 4 || data instanceof Float32Array)) {
    throw new SimclrError({
      parameter: `${name}: data of the image`,
      expected: `${width * height} pixels of RGB, or of RGBA bytes`,
      received: `${data.length} numbers`,
      remedy: 'Repeat the channel of grey images; pass floats without alpha.',
    })
  }
  if (data instanceof Float32Array) return { data, width, height }
  const floats = new Float32Array(width * height * 3)
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      floats[3 * pixel + channel] = data[channels * pixel + channel]! / 255
    }
  }
  return { data: floats, width, height }
}

/** Converts to the kind of `like`. */
function fromFloat({ data, width, height }: FloatImage, like: PlainImage): PlainImage {
  if (like.data instanceof Float32Array) {
    return { data: data === like.data ? data.slice() : data, width, height }
  }
  const channels = like.data.length / (like.width * like.height)
  const bytes = new Uint8ClampedArray(width * height * channels).fill(255)
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      bytes[channels * pixel + channel] = 255 * data[3 * pixel + channel]!
    }
  }
  const isClamped = like.data instanceof Uint8ClampedArray
  return { data: isClamped ? bytes : new Uint8Array(bytes.buffer), width, height }
}
