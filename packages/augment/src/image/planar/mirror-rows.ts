import { kernels } from './kernels.ts'
import { allocateImage, type PlanarImage, planes } from './planar-image.ts'

/** Mirrors an image left to right. */
export function mirrorRows(image: PlanarImage): PlanarImage {
  const { width, height } = image
  const output = allocateImage(width, height)
  const outputs = planes(output)
  for (const [channel, plane] of planes(image).entries()) {
    kernels().mirror(height, Math.ceil(width / 4), plane + 4 * (width - 4), outputs[channel]!, 4 * width)
  }
  return output
}
