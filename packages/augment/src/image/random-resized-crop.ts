/** Random crop and resize of a single image, with flip: paper section 3.1 and appendix A. */
import { cropper } from '../draw/crop-maps.ts'
import { type DrawnCrop, drawCrop, type RandomResizedCropOptions } from '../draw/random-resized-crop.ts'
import { definePlanarAugmentation } from './define-planar-augmentation.ts'
import type { ImageAugmentation } from './image-augmentation.ts'
import { cropPixels } from './planar/crop-pixels.ts'

/**
 * As `randomResizedCrop` of the batched entry.
 *
 * @throws SimclrError if the size, a range or the probability is impossible; when applied, if the box was drawn for an
 * image of another size and reaches beyond this one.
 */
export function randomResizedCrop(options: RandomResizedCropOptions): ImageAugmentation<DrawnCrop> {
  const crop = cropper({ height: options.size, width: options.size }, options)
  return definePlanarAugmentation(drawCrop(options), (image, { box, flipped }) =>
    cropPixels(image, crop(image, box, flipped)),
  )
}
