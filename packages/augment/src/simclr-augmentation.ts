/** The augmentation of the paper (appendix A), as preprocess_for_train and batch_random_blur in the official data_util.py. */
import type { Augmentation } from './augmentation.ts'
import { clip } from './clip.ts'
import { colorDrop } from './color-drop.ts'
import { type ColorJitterOptions, colorJitter } from './color-jitter.ts'
import { compose } from './compose.ts'
import { gaussianBlur } from './gaussian-blur.ts'
import { randomFlip } from './random-flip.ts'
import { type RandomResizedCropOptions, randomResizedCrop } from './random-resized-crop.ts'

/** Options of {@link simclrAugmentation}; those of the crop and of the colour jitter are passed on. */
export interface SimclrAugmentationOptions
  extends Omit<RandomResizedCropOptions, 'flip'>,
    Pick<ColorJitterOptions, 'strength' | 'brightness'> {
  /** Whether half of the images are blurred; default only above 32 pixels. */
  blur?: boolean
  /** Whether to crop and resize; false for images that a decoder has cut (see `sampleCropBox`). Default true. */
  crop?: boolean
}

/**
 * Random crop and resize with flip, colour jitter, colour drop and blur; the result is in [0, 1].
 *
 * @example
 * const imagenet = simclrAugmentation({ size: 224 })
 * const cifar = simclrAugmentation({ size: 32, strength: 0.5 })
 */
export function simclrAugmentation({
  size,
  blur = size > 32,
  crop = true,
  strength,
  brightness,
  ...cropOptions
}: SimclrAugmentationOptions): Augmentation<readonly unknown[]> {
  return compose([
    crop ? randomResizedCrop({ size, flip: 0.5, ...cropOptions }) : randomFlip(),
    colorJitter({ ...(strength !== undefined && { strength }), ...(brightness && { brightness }) }),
    colorDrop(),
    clip(),
    ...(blur ? [gaussianBlur(), clip()] : []),
  ])
}
