/** Cutout of a single image. */
import { type CutoutOptions, cutoutSpan, type DrawnCutout, drawCutout } from '../draw/cutout.ts'
import { defineImageAugmentation } from './define-image-augmentation.ts'
import type { ImageAugmentation } from './image-augmentation.ts'

/**
 * As `cutout` of the batched entry.
 *
 * @throws SimclrError if the size or the probability is not between 0 and 1.
 */
export function cutout(options: CutoutOptions = {}): ImageAugmentation<DrawnCutout | null> {
  return defineImageAugmentation(drawCutout(options), (image, drawn) => {
    if (drawn === null) return image
    const { width, height } = image
    const data = image.data.slice()
    const rows = cutoutSpan(drawn.y, drawn.side, height)
    const columns = cutoutSpan(drawn.x, drawn.side, width)
    for (let row = rows.begin; row < rows.end; row++) {
      data.fill(0, 3 * (row * width + columns.begin), 3 * (row * width + columns.end))
    }
    return { data, width, height }
  })
}
