/** The evaluation input of a single image: central crop and resize. */
import { type CenterCropOptions, drawCenterCrop } from '../draw/center-crop.ts'
import { cropper } from '../draw/crop-maps.ts'
import type { CropBox } from '../draw/sample-crop-box.ts'
import { applyLineMaps } from './apply-line-maps.ts'
import { defineImageAugmentation } from './define-image-augmentation.ts'
import type { ImageAugmentation } from './image-augmentation.ts'

/**
 * As `centerCrop` of the batched entry.
 *
 * @throws SimclrError if the size or the proportion is impossible; when applied, if the box was drawn for an image of
 * another size and reaches beyond this one.
 */
export function centerCrop(options: CenterCropOptions): ImageAugmentation<CropBox> {
  const output = { height: options.size, width: options.size }
  return defineImageAugmentation(drawCenterCrop(options), (image, box) => {
    const { vertical, horizontal } = cropper(image, output, options)(box, false)
    return applyLineMaps(image, vertical, horizontal)
  })
}
