/** The paper's study of which transformations compose well: section 3.1, figure 5. */
import { nearestWord, SimclrError } from '@simclr/core'
import type { Augmentation } from './augmentation.ts'
import { clip } from './clip.ts'
import { colorDrop } from './color-drop.ts'
import { colorJitter } from './color-jitter.ts'
import { compose } from './compose.ts'
import { cutout } from './cutout.ts'
import { gaussianBlur } from './gaussian-blur.ts'
import { gaussianNoise } from './gaussian-noise.ts'
import type { ViewPlan } from './multiple-views.ts'
import { randomResizedCrop } from './random-resized-crop.ts'
import { randomRotation } from './random-rotation.ts'
import { sobel } from './sobel.ts'

/** The transformations of figure 5, for views of `size`. */
const transformations = {
  crop: (size: number): Augmentation[] => [randomResizedCrop({ size, flip: 0.5 })],
  cutout: (): Augmentation[] => [cutout()],
  color: (): Augmentation[] => [colorJitter(), colorDrop()],
  sobel: (): Augmentation[] => [sobel()],
  noise: (): Augmentation[] => [gaussianNoise()],
  blur: (): Augmentation[] => [gaussianBlur()],
  rotate: (): Augmentation[] => [randomRotation()],
}

/** A row or column of figure 5. */
export type StudiedOperation = keyof typeof transformations

/** Options of {@link compositionStudy}. */
export interface CompositionStudyOptions {
  /** Height and width of the views in pixels. */
  size: number
  /** One transformation (the diagonal of the figure) or two different ones, in the order of their application. */
  operations: readonly StudiedOperation[]
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
export function compositionStudy({ size, operations }: CompositionStudyOptions): ViewPlan {
  checkOperations(operations)
  return {
    shared: compose([...transformations.crop(size), clip()]),
    branches: [compose([]), compose([...operations.flatMap((name) => transformations[name](size)), clip()])],
  }
}

function checkOperations(operations: readonly string[]): void {
  const names = Object.keys(transformations)
  const unknown = operations.find((name) => !names.includes(name))
  if (unknown !== undefined) {
    const nearest = nearestWord(unknown, names)
    throw new SimclrError({
      parameter: 'compositionStudy: operations',
      expected: `of ${names.join(', ')}`,
      received: `"${unknown}"`,
      ...(nearest === undefined ? {} : { remedy: `Did you mean "${nearest}"?` }),
    })
  }
  if (operations.length > 0 && operations.length < 3 && operations[0] !== operations[1]) return
  throw new SimclrError({
    parameter: 'compositionStudy: operations',
    expected: 'one transformation or two different ones',
    received: `[${operations.join(', ')}]`,
    remedy: 'Figure 5 composes at most two.',
  })
}
