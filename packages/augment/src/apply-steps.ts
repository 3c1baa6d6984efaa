/** Applies the steps of AutoAugment and RandAugment to a batch. */
import { add, clipByValue, div, floor, mul, type Tensor4D } from '@tensorflow/tfjs-core'
import { adjustTones } from './byte-operations/adjust-tones.ts'
import { autocontrast } from './byte-operations/autocontrast.ts'
import { enhance } from './byte-operations/enhance.ts'
import { equalize } from './byte-operations/equalize.ts'
import { transformAffine } from './byte-operations/transform-affine.ts'
import { affineMap } from './draw/affine-map.ts'
import type { Step, StepOperation } from './draw/step.ts'
import { mapGroups } from './map-groups.ts'

/**
 * Images whose next step is the same operation are computed together. An image with steps is rounded to bytes first; one
 * without any comes through bit for bit.
 *
 * @param images `[n, 3, h, w]`.
 * @param drawn The steps of each image.
 * @returns As `images`. The caller disposes it.
 */
export function applySteps(images: Tensor4D, drawn: readonly (readonly Step[])[]): Tensor4D {
  return mapGroups(
    images,
    drawn.map((steps) => (steps.length === 0 ? null : 'changed')),
    (some, indices) => {
      const lists = indices.map((i) => drawn[i]!)
      const longest = Math.max(...lists.map((steps) => steps.length))
      let bytes: Tensor4D = floor(add(mul(clipByValue(some, 0, 1), 255), 0.5))
      for (let place = 0; place < longest; place++) {
        const steps = lists.map((list) => list[place])
        bytes = mapGroups(
          bytes,
          steps.map((step) => step?.operation ?? null),
          (group, members) => {
            const values = members.map((i) => steps[i]!.value)
            return applyOperation(group, steps[members[0]!]!.operation, values)
          },
        )
      }
      return div(bytes, 255)
    },
  )
}

function applyOperation(images: Tensor4D, operation: StepOperation, values: readonly number[]): Tensor4D {
  const [, , height, width] = images.shape
  switch (operation) {
    case 'autocontrast':
      return autocontrast(images)
    case 'equalize':
      return equalize(images)
    case 'brightness':
    case 'color':
    case 'contrast':
    case 'sharpness':
      return enhance(images, operation, values)
    case 'invert':
    case 'solarize':
    case 'solarizeAdd':
    case 'posterize':
      return adjustTones(images, operation, values)
    default:
      return transformAffine(
        images,
        values.map((value) => affineMap(operation, value, { height, width })),
      )
  }
}
