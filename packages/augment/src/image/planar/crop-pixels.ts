/** Cuts a box out of an image, scales it and flips it, straight from the bytes of a decoder. */
import type { CropMaps } from '../../draw/crop-maps.ts'
import type { LineMap } from '../../draw/line-map.ts'
import type { PlainImage } from '../image-augmentation.ts'
import { interleavedRows } from './interleaved-rows.ts'
import { kernels } from './kernels.ts'
import { TAP_GROUP } from './passes/resample-row.ts'
import { pixelKind } from './pixel-kind.ts'
import { allocateImage, type PlanarImage, planes } from './planar-image.ts'
import { allocate, memoryBytes, memoryFloats, withWorkingMemory } from './working-memory.ts'

/** Output rows whose input is held in the working memory at once. */
const BAND = 16

/**
 * Maps the columns and then the rows of an image, as `cropAndResize` of the batched entry. Only the rows and columns
 * that the maps reach are read; every output row is made in a buffer that stays in the processor's nearest cache.
 */
export function cropPixels(image: PlainImage | PlanarImage, { vertical, horizontal }: CropMaps): PlanarImage {
  const [left, right] = reach(horizontal, 0, horizontal.starts.length)
  const kind = pixelKind(image)
  const channels = kind === 'rgba' ? 4 : 3
  const bytes = kind === 'floats' ? 4 : 1
  const length = (right - left) * channels
  const weights = allocate(4 * vertical.weights.length)
  memoryFloats().set(vertical.weights, weights / 4)

  const groups = Math.ceil(horizontal.stride / TAP_GROUP)
  const table = writeTable(horizontal, left, channels, groups, bytes === 1 ? 1 / 255 : 1)
  const beyond = groups * TAP_GROUP + 1 // pixels after the last that are read with a weight of 0
  const row = allocate(4 * (length + 16 + beyond * channels))
  const output = allocateImage(horizontal.starts.length, vertical.starts.length)
  const { weightedByteRows, weightedFloatRows, clear, resampleRgb, resampleRgba } = kernels()
  const weighted = bytes === 1 ? weightedByteRows : weightedFloatRows
  const resample = channels === 3 ? resampleRgb : resampleRgba
  const steps = Math.ceil(length / 16)
  const pixelSteps = Math.ceil(output.width / 4)
  let [red, green, blue] = planes(output)
  for (let band = 0; band < output.height; band += BAND) {
    const end = Math.min(band + BAND, output.height)
    withWorkingMemory(() => {
      const [top, bottom] = reach(vertical, band, end)
      const { address, rowBytes } = interleavedRows(image, top, bottom)
      const source = address + left * channels * bytes
      for (let y = band; y < end; y++) {
        const first = source + (vertical.origin + vertical.starts[y]! - top) * rowBytes
        weighted(steps, row, first, weights + 4 * y * vertical.stride, vertical.counts[y]!, rowBytes)
        clear(Math.ceil((beyond * channels) / 4), row + 4 * length)
        resample(pixelSteps, table, groups, row, red, green, blue)
        red += 4 * output.width
        green += 4 * output.width
        blue += 4 * output.width
      }
    })
  }
  return output
}

/** The first pixel that outputs `from` to before `to` of a map read, and the one after the last. */
function reach({ origin, starts, counts }: LineMap, from: number, to: number): [number, number] {
  let [first, end] = [Number.POSITIVE_INFINITY, 0]
  for (let i = from; i < to; i++) {
    first = Math.min(first, starts[i]!)
    end = Math.max(end, starts[i]! + counts[i]!)
  }
  return [origin + first, origin + end]
}

/** The table of `resampleRow` for rows that begin at pixel `left`; all weights are multiplied by `factor`. */
function writeTable(
  { origin, starts, counts, weights, stride }: LineMap,
  left: number,
  channels: number,
  groups: number,
  factor: number,
): number {
  const entry = 1 + TAP_GROUP * groups
  const length = entry * 4 * Math.ceil(starts.length / 4)
  const table = allocate(4 * length)
  const floats = memoryFloats()
  const offsets = new Int32Array(memoryBytes().buffer, table, length)
  offsets.fill(0)
  for (let i = 0; i < starts.length; i++) {
    offsets[i * entry] = 4 * channels * (origin + starts[i]! - left)
    const place = table / 4 + i * entry + 1
    for (let tap = 0; tap < counts[i]!; tap++) floats[place + tap] = weights[i * stride + tap]! * factor
  }
  return table
}
