/** Clipping of a single image to [0, 1]. */
import { drawClip } from '../draw/clip.ts'
import { clipInPlace } from './clip-in-place.ts'
import { defineImageAugmentation } from './define-image-augmentation.ts'
import type { ImageAugmentation } from './image-augmentation.ts'

/** As `clip` of the batched entry. */
export function clip(): ImageAugmentation<null> {
  return defineImageAugmentation(drawClip(), (image) => {
    const data = image.data.slice()
    clipInPlace(data)
    return { ...image, data }
  })
}
