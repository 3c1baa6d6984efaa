/** Adjustments of the colours of an image in the working memory, in place. All but `dropColors` clip to [0, 1]. */
import { hueOffsets } from '../../draw/hue-offsets.ts'
import { kernels } from './kernels.ts'
import { type PlanarImage, planeBytes, planes, planeVectors } from './planar-image.ts'

/** x · factor + addend. */
export function scaleAndShift(image: PlanarImage, factor: number, addend: number): void {
  kernels().scaleAndShift(image.address, (3 * planeBytes(image)) / 16, factor, addend)
}

/** Scales the distance of each channel from its mean over the image. */
export function adjustContrast(image: PlanarImage, factor: number): void {
  const pixels = image.width * image.height
  for (const plane of planes(image)) {
    kernels().contrast(plane, plane + 4 * pixels, Math.ceil(pixels / 16), factor, (1 - factor) / pixels)
  }
}

/** Scales the saturation to at most 1. */
export function adjustSaturation(image: PlanarImage, factor: number): void {
  kernels().saturation(...planes(image), planeVectors(image), factor)
}

/** Turns the hue by `turn` full turns. */
export function adjustHue(image: PlanarImage, turn: number): void {
  kernels().hue(...planes(image), planeVectors(image), ...hueOffsets(turn))
}

/** Makes an image grey, in three equal channels. */
export function dropColors(image: PlanarImage): void {
  kernels().grey(...planes(image), planeVectors(image))
}
