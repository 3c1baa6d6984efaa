/** The paper's study of which transformations compose well, for single images: section 3.1, figure 5. */
import {
  type CompositionOperations,
  type CompositionPlan,
  type CompositionStudyOptions,
  compositionPlan,
} from '../draw/composition-study.ts'
import { clip } from './clip.ts'
import { colorDrop } from './color-drop.ts'
import { colorJitter } from './color-jitter.ts'
import { compose } from './compose.ts'
import { cutout } from './cutout.ts'
import { gaussianBlur } from './gaussian-blur.ts'
import { gaussianNoise } from './gaussian-noise.ts'
import type { ImageAugmentation } from './image-augmentation.ts'
import { randomFlip } from './random-flip.ts'
import { randomResizedCrop } from './random-resized-crop.ts'
import { randomRotation } from './random-rotation.ts'
import { sobel } from './sobel.ts'

const operations: CompositionOperations<ImageAugmentation> = {
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
 * As `compositionStudy` of the batched entry.
 *
 * @returns What both views share, and the pipeline of each; a view is `branches[v]` applied to the shared image.
 * @throws SimclrError unless there are one or two different operations of its names.
 */
export function compositionStudy(options: CompositionStudyOptions): CompositionPlan<ImageAugmentation> {
  return compositionPlan(operations, options)
}
