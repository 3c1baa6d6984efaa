/** Random crop and resize with flip, the augmentation SimCLR needs most: paper section 3.1 and appendix A. */
import { checkInteger, checkRange } from '@simclr/core'
import type { Augmentation, ImageSize } from './augmentation.ts'
import { checkDrawn } from './check-drawn.ts'
import { cropAndResize } from './crop-and-resize.ts'
import { defineAugmentation } from './define-augmentation.ts'
import { sampleFlips } from './random-flip.ts'
import type { ResampleOptions } from './resample-matrix.ts'
import { type CropBox, type CropBoxOptions, sampleCropBox } from './sample-crop-box.ts'

/** Options of {@link randomResizedCrop}: also those of {@link CropBoxOptions} and {@link ResampleOptions}. */
export interface RandomResizedCropOptions extends CropBoxOptions, ResampleOptions {
  /** Height and width of the result in pixels: 224 in the paper, 32 for CIFAR. */
  size: number
  /** Probability of a left-to-right flip, drawn as by `randomFlip` and free of cost here; default 0. */
  flip?: number
}

/** What {@link randomResizedCrop} draws. */
export interface DrawnCrops {
  readonly boxes: readonly CropBox[]
  readonly flipped: readonly boolean[]
}

/**
 * Cuts a random box out of each image and scales it to `size` × `size`. Bicubic results may leave [0, 1], as in the
 * official code, which clips later.
 *
 * The box of an image is `sampleCropBox(key.fold('randomResizedCrop'), …)`, so a decoder can cut the same one.
 *
 * @throws SimclrError if the size, a range or the probability is impossible.
 */
export function randomResizedCrop({
  size,
  flip = 0,
  area = [0.08, 1],
  aspect = [3 / 4, 4 / 3],
  sampler = 'official',
  ...resample
}: RandomResizedCropOptions): Augmentation<DrawnCrops> {
  const name = 'randomResizedCrop'
  checkInteger(`${name}: size`, size, 1)
  checkRange(`${name}: flip`, flip, 0, 1)
  checkRange(`${name}: largest area`, area[1], Number.MIN_VALUE, 1)
  checkRange(`${name}: smallest area`, area[0], 0, area[1])
  checkRange(`${name}: smallest aspect`, aspect[0], Number.MIN_VALUE, aspect[1])
  const output: ImageSize = { height: size, width: size }
  return defineAugmentation({
    name,
    outputSize: () => output,
    sample: (random, count, imageSize) => ({
      boxes: Array.from({ length: count }, (_, i) =>
        sampleCropBox(random(i).fold(name), imageSize, { area, aspect, sampler }),
      ),
      flipped: sampleFlips(random, count, flip),
    }),
    applyPlanar: (images, { boxes, flipped }) => {
      checkDrawn(images, boxes.length)
      return cropAndResize(images, boxes, output, flipped, resample)
    },
  })
}
