/** Colour jitter of a single image: paper appendix A. */
import { type ColorJitterOptions, type DrawnColorJitter, drawColorJitter } from '../draw/color-jitter.ts'
import { clipInPlace } from './clip-in-place.ts'
import { defineImageAugmentation } from './define-image-augmentation.ts'
import { adjustHue, adjustSaturation } from './hsv.ts'
import type { ImageAugmentation } from './image-augmentation.ts'

/**
 * As `colorJitter` of the batched entry.
 *
 * @throws SimclrError if the strength or the probability is out of range.
 */
export function colorJitter(options: ColorJitterOptions = {}): ImageAugmentation<DrawnColorJitter | null> {
  const adjustBrightness = options.brightness === 'additive' ? shift : scale
  return defineImageAugmentation(drawColorJitter(options), (image, drawn) => {
    if (drawn === null) return image
    const data = image.data.slice()
    const adjustments = [
      () => adjustBrightness(data, drawn.brightness),
      () => adjustContrast(data, drawn.contrast),
      () => adjustSaturation(data, drawn.saturation),
      () => adjustHue(data, drawn.hue),
    ]
    for (const next of drawn.order) {
      adjustments[next]!()
      clipInPlace(data)
    }
    return { ...image, data }
  })
}

function scale(data: Float32Array, factor: number): void {
  for (let i = 0; i < data.length; i++) data[i]! *= factor
}

function shift(data: Float32Array, addend: number): void {
  for (let i = 0; i < data.length; i++) data[i]! += addend
}

/** Scales the distance of each channel from its mean over the image. */
function adjustContrast(data: Float32Array, factor: number): void {
  for (let channel = 0; channel < 3; channel++) {
    let sum = 0
    for (let i = channel; i < data.length; i += 3) sum += data[i]!
    const middle = sum / (data.length / 3)
    for (let i = channel; i < data.length; i += 3) data[i] = (data[i]! - middle) * factor + middle
  }
}
