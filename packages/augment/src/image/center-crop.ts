/** The evaluation input of a single image: central crop and resize. */
import { type CenterCropOptions, drawCenterCrop } from '../draw/center-crop.ts'
import { cropper } from '../draw/crop-maps.ts'
import type { CropBox } from '../draw/sample-crop-box.ts'
import { definePlanarAugmentation } from './define-planar-augmentation.ts'
import type { ImageAugmentation } from './image-augmentation.ts'
import { cropPixels } from './planar/crop-pixels.ts'

/**
 * As `centerCrop` of the batched entry.
 *
 * @throws SimclrError if the size or the proportion is impossible; when applied, if the box was drawn for an image of
 * another size and reaches beyond this one.
 */
export function centerCrop(options: CenterCropOptions): ImageAugmentation<CropBox> {
  const crop = cropper({ height: options.size, width: options.size }, options)
  return definePlanarAugmentation(drawCenterCrop(options), (image, box) =>
    cropPixels(image, crop(image, box, false)),
  )
}
