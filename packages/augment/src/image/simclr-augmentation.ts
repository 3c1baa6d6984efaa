/** The augmentation of the paper for a single image: appendix A. */
import {
  type SimclrAugmentationOptions,
  type SimclrOperations,
  simclrPipeline,
} from '../draw/simclr-pipeline.ts'
import { clip } from './clip.ts'
import { colorDrop } from './color-drop.ts'
import { colorJitter } from './color-jitter.ts'
import { compose } from './compose.ts'
import { gaussianBlur } from './gaussian-blur.ts'
import type { ImageAugmentation } from './image-augmentation.ts'
import { randomFlip } from './random-flip.ts'
import { randomResizedCrop } from './random-resized-crop.ts'

const operations: SimclrOperations<ImageAugmentation> = {
  randomResizedCrop,
  randomFlip,
  colorJitter,
  colorDrop,
  clip,
  gaussianBlur,
}

/**
 * As `simclrAugmentation` of the batched entry: the same options, the same draws, the same views.
 *
 * @throws SimclrError if an option is impossible.
 *
 * @example
 * const augmentation = simclrAugmentation({ size: 224 })
 * const [drawn] = augmentation.sample(() => RandomKey.fromSeed(7), 1, image)
 * const view = augmentation.apply(image, drawn)
 */
export function simclrAugmentation(
  options: SimclrAugmentationOptions,
): ImageAugmentation<readonly unknown[]> {
  return compose(simclrPipeline(operations, options))
}
