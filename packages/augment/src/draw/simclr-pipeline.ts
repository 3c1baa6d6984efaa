import type { ColorJitterOptions } from './color-jitter.ts'
import type { GaussianBlurOptions } from './gaussian-blur.ts'
import type { RandomResizedCropOptions } from './random-resized-crop.ts'

/** Options of `simclrAugmentation`; those of the crop and of the colour jitter are passed on. */
export interface SimclrAugmentationOptions
  extends Omit<RandomResizedCropOptions, 'flip'>,
    Pick<ColorJitterOptions, 'strength' | 'brightness'> {
  /** Whether half of the images are blurred, or how; default only above 32 pixels. */
  blur?: boolean | GaussianBlurOptions
  /** Whether to crop and resize; false for images that a decoder has cut (see `sampleCropBox`). Default true. */
  crop?: boolean
}

/** The operations of a flavour: batches of tensors, or single images. */
export interface SimclrOperations<Operation> {
  randomResizedCrop(options: RandomResizedCropOptions): Operation
  randomFlip(): Operation
  colorJitter(options: ColorJitterOptions): Operation
  colorDrop(): Operation
  clip(): Operation
  gaussianBlur(options: GaussianBlurOptions): Operation
}

/** The pipeline of appendix A, as preprocess_for_train and batch_random_blur in the official data_util.py. */
export function simclrPipeline<Operation>(
  operations: SimclrOperations<Operation>,
  {
    size,
    blur = size > 32,
    crop = true,
    strength = 1,
    brightness = 'multiplicative',
    ...cropOptions
  }: SimclrAugmentationOptions,
): Operation[] {
  const { randomResizedCrop, randomFlip, colorJitter, colorDrop, clip, gaussianBlur } = operations
  return [
    crop ? randomResizedCrop({ size, flip: 0.5, ...cropOptions }) : randomFlip(),
    colorJitter({ strength, brightness }),
    colorDrop(),
    clip(),
    ...(blur === false ? [] : [gaussianBlur(blur === true ? {} : blur), clip()]),
  ]
}
