/** Makes an augmentation of single images that computes in the working memory. */
import type { Draw } from '../draw/draw.ts'
import { checkImage } from './check-image.ts'
import type { FloatImage, ImageAugmentation, PlainImage } from './image-augmentation.ts'
import { toFloats } from './planar/to-floats.ts'
import { withWorkingMemory } from './planar/working-memory.ts'

/**
 * Adds checks and the conversion from and to plain images.
 *
 * @param applyPlanar See {@link ImageAugmentation}.
 * @returns Its `apply` throws a SimclrError unless data, width and height agree.
 */
export function definePlanarAugmentation<Drawn>(
  draw: Draw<Drawn>,
  applyPlanar: ImageAugmentation<Drawn>['applyPlanar'],
): ImageAugmentation<Drawn> {
  const applyFloat = (image: PlainImage, drawn: Drawn): FloatImage =>
    withWorkingMemory(() => toFloats(applyPlanar(image, drawn)))
  return {
    ...draw,
    applyPlanar,
    applyFloat,
    apply: (image, drawn) => {
      checkImage(draw.name, image)
      return toKindOf(image, applyFloat(image, drawn))
    },
  }
}

/** Converts to the kind of `image`, in new memory. */
function toKindOf(image: PlainImage, { data, width, height }: FloatImage): PlainImage {
  if (image.data instanceof Float32Array) {
    return { data: data === image.data ? data.slice() : data, width, height }
  }
  const channels = image.data.length / (image.width * image.height)
  const bytes = new Uint8ClampedArray(width * height * channels).fill(255)
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      bytes[channels * pixel + channel] = 255 * data[3 * pixel + channel]!
    }
  }
  const isClamped = image.data instanceof Uint8ClampedArray
  return { data: isClamped ? bytes : new Uint8Array(bytes.buffer), width, height }
}
