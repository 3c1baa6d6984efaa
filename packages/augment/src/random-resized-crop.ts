/** Random crop and resize with flip, the augmentation SimCLR needs most: paper section 3.1 and appendix A. */
import type { Augmentation } from './augmentation.ts'
import { cropAndResize } from './crop-and-resize.ts'
import { defineAugmentation } from './define-augmentation.ts'
import { type DrawnCrop, drawCrop, type RandomResizedCropOptions } from './draw/random-resized-crop.ts'

/**
 * Cuts a random box out of each image and scales it to `size` × `size`. Bicubic results may leave [0, 1], as in the
 * official code, which clips later.
 *
 * The box of an image is `sampleCropBox(key.fold('randomResizedCrop'), …)`, so a decoder can cut the same one.
 *
 * @throws SimclrError if the size, a range or the probability is impossible.
 */
export function randomResizedCrop(options: RandomResizedCropOptions): Augmentation<DrawnCrop> {
  const output = { height: options.size, width: options.size }
  return defineAugmentation(drawCrop(options), (images, drawn) =>
    cropAndResize(
      images,
      drawn.map(({ box }) => box),
      output,
      drawn.map(({ flipped }) => flipped),
      options,
    ),
  )
}
