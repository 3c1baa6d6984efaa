/** Applies the steps of AutoAugment and RandAugment to a single image. */
import { affineMap } from '../draw/affine-map.ts'
import type { Step } from '../draw/step.ts'
import { applyCurves } from './byte-operations/apply-curves.ts'
import { autocontrast } from './byte-operations/autocontrast.ts'
import type { ByteImage } from './byte-operations/byte-image.ts'
import { enhance } from './byte-operations/enhance.ts'
import { equalize } from './byte-operations/equalize.ts'
import { toneCurve } from './byte-operations/tone-curve.ts'
import { transformAffine } from './byte-operations/transform-affine.ts'
import type { FloatImage } from './image-augmentation.ts'

/** An image with steps is rounded to bytes first; one without any stays as it is. */
export function applySteps(image: FloatImage, steps: readonly Step[]): FloatImage {
  if (steps.length === 0) return image
  const { data } = steps.reduce(applyStep, toBytes(image))
  return { ...image, data: Float32Array.from(data, (byte) => byte / 255) }
}

/** Rounds in 32-bit floats, as the batched augmentation does. */
function toBytes({ data, ...size }: FloatImage): ByteImage {
  const bytes = Uint8Array.from(data, (x) =>
    Math.fround(Math.fround(Math.min(Math.max(x, 0), 1) * 255) + 0.5),
  )
  return { data: bytes, ...size }
}

function applyStep(image: ByteImage, { operation, value }: Step): ByteImage {
  switch (operation) {
    case 'autocontrast':
      return autocontrast(image)
    case 'equalize':
      return equalize(image)
    case 'brightness':
    case 'color':
    case 'contrast':
    case 'sharpness':
      return enhance(image, operation, value)
    case 'invert':
    case 'solarize':
    case 'solarizeAdd':
    case 'posterize': {
      const curve = toneCurve(operation, value)
      return applyCurves(image, [curve, curve, curve])
    }
    default:
      return transformAffine(image, affineMap(operation, value, image))
  }
}
