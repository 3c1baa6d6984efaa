import { kernels } from './kernels.ts'
import { type PlanarImage, planes } from './planar-image.ts'
import { allocate, memoryBytes, memoryFloats } from './working-memory.ts'

/** Pixels that are interleaved at once: few enough to stay in the processor's nearest cache. */
const CHUNK = 1024

/**
 * Writes an image to `output`, from element `offset` on, as interleaved RGB: `[height, width, 3]`. Bytes are rounded,
 * halves to even, and clipped.
 */
export function writePixels(image: PlanarImage, output: Float32Array | Uint8Array, offset: number): void {
  const pixels = image.width * image.height
  const [red, green, blue] = planes(image)
  const floats = allocate(4 * 3 * CHUNK)
  const bytes = allocate(3 * CHUNK)
  const { interleave, toBytes } = kernels()
  for (let pixel = 0; pixel < pixels; pixel += CHUNK) {
    const count = Math.min(CHUNK, pixels - pixel)
    const [place, length] = [4 * pixel, 3 * count]
    interleave(Math.ceil(count / 4), red + place, green + place, blue + place, floats)
    if (output instanceof Float32Array) {
      output.set(memoryFloats().subarray(floats / 4, floats / 4 + length), offset + 3 * pixel)
    } else {
      toBytes(Math.ceil(length / 16), floats, bytes)
      output.set(memoryBytes().subarray(bytes, bytes + length), offset + 3 * pixel)
    }
  }
}
