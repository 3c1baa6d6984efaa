/** The paper's study of which transformations compose well: section 3.1, figure 5. */
import type { Augmentation } from './augmentation.ts'
import { clip } from './clip.ts'
import { colorDrop } from './color-drop.ts'
import { colorJitter } from './color-jitter.ts'
import { compose } from './compose.ts'
import { cutout } from './cutout.ts'
import {
  type CompositionOperations,
  type CompositionPlan,
  type CompositionStudyOptions,
  compositionPlan,
} from './draw/composition-study.ts'
import { gaussianBlur } from './gaussian-blur.ts'
import { gaussianNoise } from './gaussian-noise.ts'
import { randomFlip } from './random-flip.ts'
import { randomResizedCrop } from './random-resized-crop.ts'
import { randomRotation } from './random-rotation.ts'
import { sobel } from './sobel.ts'

const operations: CompositionOperations<Augmentation> = {
  randomResizedCrop,
  randomFlip,
  cutout,
  colorJitter,
  colorDrop,
  sobel,
  gaussianNoise,
  gaussianBlur,
  randomRotation,
  clip,
  compose,
}

/**
 * "We always first randomly crop images and resize them to the same resolution, and then apply the targeted
 * transformation(s) only to one branch, while leaving the other branch as the identity."
 *
 * The crop is flipped at random, as everywhere in the paper. Transformations have the defaults of their functions;
 * `color` is colour jitter and colour drop. Views are clipped to [0, 1].
 *
 * @returns The plan for `multipleViews`: view 0 is the crop, view 1 the same crop transformed.
 * @throws SimclrError unless there are one or two different operations of these names.
 *
 * @example
 * const plan = compositionStudy({ size: 224, operations: ['crop', 'color'] })
 * const views = multipleViews(images, plan, (image, view) => key.fold(image).fold(view))
 */
export function compositionStudy(options: CompositionStudyOptions): CompositionPlan<Augmentation> {
  return compositionPlan(operations, options)
}
