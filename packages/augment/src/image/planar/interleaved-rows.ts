import type { PlainImage } from '../image-augmentation.ts'
import { kernels } from './kernels.ts'
import { type LoadedRows, loadRows } from './load-rows.ts'
import { isPlanar, type PlanarImage, planes } from './planar-image.ts'
import { allocate } from './working-memory.ts'

/** The rows from `top` to before `bottom` of an image, interleaved, wherever it lies. */
export function interleavedRows(image: PlainImage | PlanarImage, top: number, bottom: number): LoadedRows {
  if (!isPlanar(image)) return loadRows(image, top, bottom)
  const rowBytes = 4 * 3 * image.width
  const steps = Math.ceil(((bottom - top) * image.width) / 4)
  const address = allocate(48 * steps)
  const [red, green, blue] = planes(image).map((plane) => plane + 4 * top * image.width)
  kernels().interleave(steps, red!, green!, blue!, address)
  return { address, rowBytes }
}
