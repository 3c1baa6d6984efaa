import { kernels } from './kernels.ts'
import { type PlanarImage, planes } from './planar-image.ts'
import { allocate, memoryFloats } from './working-memory.ts'

/** Pixels that are interleaved at once: few enough to stay in the processor's nearest cache. */
const CHUNK = 1024

/** Writes an image to `output`, from element `offset` on, as interleaved RGB: `[height, width, 3]`. */
export function writeFloats(image: PlanarImage, output: Float32Array, offset: number): void {
  const pixels = image.width * image.height
  const buffer = allocate(4 * 3 * CHUNK)
  const [red, green, blue] = planes(image)
  const floats = memoryFloats()
  for (let pixel = 0; pixel < pixels; pixel += CHUNK) {
    const count = Math.min(CHUNK, pixels - pixel)
    const place = 4 * pixel
    kernels().interleave(Math.ceil(count / 4), red + place, green + place, blue + place, buffer)
    output.set(floats.subarray(buffer / 4, buffer / 4 + 3 * count), offset + 3 * pixel)
  }
}
