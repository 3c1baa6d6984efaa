import { kernels } from './kernels.ts'
import { allocateImage, type PlanarImage, planes } from './planar-image.ts'
import { allocate, memoryFloats } from './working-memory.ts'

/**
 * Blurs columns and rows, with zeros beyond the borders. Every blurred row is made in a buffer that stays in the
 * processor's nearest cache.
 *
 * @param side The weights at distance 0, 1, …; the other side has the same.
 */
export function blurPlanes(image: PlanarImage, side: readonly number[]): PlanarImage {
  const reach = side.length - 1
  if (reach === 0) return image
  const taps = 2 * reach + 1
  const weights = allocate(4 * taps)
  memoryFloats().set(
    Array.from({ length: taps }, (_, tap) => side[Math.abs(tap - reach)]!),
    weights / 4,
  )
  const { width, height } = image
  const border = Math.ceil(reach / 4) // vectors
  const buffer = allocate(16 * border + 4 * (width + 16) + 16 * border)
  const row = buffer + 16 * border
  const output = allocateImage(width, height)
  const { weightedFloatRows: weighted, clear } = kernels()
  const steps = Math.ceil(width / 16)
  const rowBytes = 4 * width
  clear(border, buffer)
  const outputs = planes(output)
  for (const [channel, plane] of planes(image).entries()) {
    for (let y = 0; y < height; y++) {
      const first = Math.max(0, y - reach)
      const end = Math.min(height, y + reach + 1)
      const firstWeight = weights + 4 * (first - y + reach)
      weighted(steps, row, plane + first * rowBytes, firstWeight, end - first, rowBytes)
      clear(border, row + rowBytes)
      weighted(steps, outputs[channel]! + y * rowBytes, row - 4 * reach, weights, taps, 4)
    }
  }
  return output
}
