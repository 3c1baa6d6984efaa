/** Makes an augmentation of single images that computes in the working memory. */
import type { Draw } from '../draw/draw.ts'
import { checkImage } from './check-image.ts'
import type { ImageAugmentation, PlainImage } from './image-augmentation.ts'
import { pixelKind } from './planar/pixel-kind.ts'
import type { PlanarImage } from './planar/planar-image.ts'
import { toFloats } from './planar/to-floats.ts'
import { toPlanar } from './planar/to-planar.ts'
import { withWorkingMemory } from './planar/working-memory.ts'
import { writePixels } from './planar/write-pixels.ts'

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
  return {
    ...draw,
    applyPlanar,
    applyFloat: (image, drawn) => withWorkingMemory(() => toFloats(applyPlanar(image, drawn))),
    apply: (image, drawn) => {
      checkImage(draw.name, image)
      return withWorkingMemory(() => toKindOf(image, applyPlanar(image, drawn)))
    },
  }
}

/** Converts to the kind of `original`, in new memory. */
function toKindOf(original: PlainImage, result: PlainImage | PlanarImage): PlainImage {
  const { data } = original
  const { width, height } = result
  if (data instanceof Float32Array) {
    const floats = toFloats(result).data
    return { data: floats === data ? floats.slice() : floats, width, height }
  }
  const rgb = new Uint8Array(3 * width * height)
  writePixels(toPlanar(result), rgb, 0)
  const bytes = pixelKind(original) === 'rgb' ? rgb : withOpacity(rgb)
  return {
    data: data instanceof Uint8ClampedArray ? new Uint8ClampedArray(bytes.buffer) : bytes,
    width,
    height,
  }
}

function withOpacity(rgb: Uint8Array): Uint8Array {
  const rgba = new Uint8Array((rgb.length / 3) * 4).fill(255)
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    rgba[to] = rgb[from]!
    rgba[to + 1] = rgb[from + 1]!
    rgba[to + 2] = rgb[from + 2]!
  }
  return rgba
}
