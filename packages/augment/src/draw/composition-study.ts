import { nearestWord, SimclrError } from '@simclr/core/plain'
import type { ColorJitterOptions } from './color-jitter.ts'
import type { RandomResizedCropOptions } from './random-resized-crop.ts'

/** The rows and columns of figure 5. */
export const studiedOperations = ['crop', 'cutout', 'color', 'sobel', 'noise', 'blur', 'rotate'] as const

/** A row or column of figure 5. */
export type StudiedOperation = (typeof studiedOperations)[number]

/** Options of `compositionStudy`; those of crops and of the colour jitter are passed on. */
export interface CompositionStudyOptions
  extends Pick<RandomResizedCropOptions, 'size' | 'area'>,
    Pick<ColorJitterOptions, 'strength'> {
  /** One transformation (the diagonal of the figure) or two different ones, in the order of their application. */
  operations: readonly StudiedOperation[]
  /** Whether to crop and resize what the views share; false for images that a decoder has cut. Default true. */
  crop?: boolean
}

/** The operations of a flavour: batches of tensors, or single images. */
export interface CompositionOperations<Operation> {
  randomResizedCrop(options: RandomResizedCropOptions): Operation
  randomFlip(): Operation
  cutout(): Operation
  colorJitter(options: ColorJitterOptions): Operation
  colorDrop(): Operation
  sobel(): Operation
  gaussianNoise(): Operation
  gaussianBlur(): Operation
  randomRotation(): Operation
  clip(): Operation
  compose(operations: readonly Operation[]): Operation
}

/** What the views share, and then one pipeline for each. */
export interface CompositionPlan<Operation> {
  readonly shared: Operation
  readonly branches: readonly [Operation, Operation]
}

/** @throws SimclrError unless there are one or two different operations of these names. */
export function compositionPlan<Operation>(
  flavour: CompositionOperations<Operation>,
  { size, operations, area = [0.08, 1], strength = 1, crop = true }: CompositionStudyOptions,
): CompositionPlan<Operation> {
  checkOperations(operations)
  const { compose, clip, randomResizedCrop, randomFlip } = flavour
  const cropAndFlip = (): Operation => randomResizedCrop({ size, area, flip: 0.5 })
  const transformations: Record<StudiedOperation, () => Operation[]> = {
    crop: () => [cropAndFlip()],
    cutout: () => [flavour.cutout()],
    color: () => [flavour.colorJitter({ strength }), flavour.colorDrop()],
    sobel: () => [flavour.sobel()],
    noise: () => [flavour.gaussianNoise()],
    blur: () => [flavour.gaussianBlur()],
    rotate: () => [flavour.randomRotation()],
  }
  return {
    shared: compose([crop ? cropAndFlip() : randomFlip(), clip()]),
    branches: [compose([]), compose([...operations.flatMap((name) => transformations[name]()), clip()])],
  }
}

function checkOperations(operations: readonly string[]): void {
  const unknown = operations.find((name) => !(studiedOperations as readonly string[]).includes(name))
  if (unknown !== undefined) {
    const nearest = nearestWord(unknown, studiedOperations)
    throw new SimclrError({
      parameter: 'compositionStudy: operations',
      expected: `of ${studiedOperations.join(', ')}`,
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
