/** The augmentation of the paper: appendix A. */
import type { Augmentation } from './augmentation.ts'
import { clip } from './clip.ts'
import { colorDrop } from './color-drop.ts'
import { colorJitter } from './color-jitter.ts'
import { compose } from './compose.ts'
import {
  type SimclrAugmentationOptions,
  type SimclrOperations,
  simclrPipeline,
} from './draw/simclr-pipeline.ts'
import { gaussianBlur } from './gaussian-blur.ts'
import { randomFlip } from './random-flip.ts'
import { randomResizedCrop } from './random-resized-crop.ts'

const operations: SimclrOperations<Augmentation> = {
  randomResizedCrop,
  randomFlip,
  colorJitter,
  colorDrop,
  clip,
  gaussianBlur,
}

/**
 * Random crop and resize with flip, colour jitter, colour drop and blur; the result is in [0, 1].
 *
 * @throws SimclrError if an option is impossible.
 *
 * @example
 * const imagenet = simclrAugmentation({ size: 224 })
 * const cifar = simclrAugmentation({ size: 32, strength: 0.5 })
 */
export function simclrAugmentation(options: SimclrAugmentationOptions): Augmentation<readonly unknown[]> {
  return compose(simclrPipeline(operations, options))
}
