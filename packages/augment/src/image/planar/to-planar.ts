import type { PlainImage } from '../image-augmentation.ts'
import { kernels } from './kernels.ts'
import { loadRows } from './load-rows.ts'
import { pixelKind } from './pixel-kind.ts'
import { allocateImage, isPlanar, type PlanarImage, planes, planeVectors } from './planar-image.ts'

/** Writes an image to the working memory, bytes as numbers in [0, 1]; one that lies there stays as it is. */
export function toPlanar(image: PlainImage | PlanarImage): PlanarImage {
  if (isPlanar(image)) return image
  const { width, height } = image
  const { address } = loadRows(image, 0, height)
  const planar = allocateImage(width, height)
  const { deinterleaveFloats, deinterleaveRgb, deinterleaveRgba } = kernels()
  const deinterleave = { floats: deinterleaveFloats, rgb: deinterleaveRgb, rgba: deinterleaveRgba }[
    pixelKind(image)
  ]
  deinterleave(planeVectors(planar), address, ...planes(planar))
  return planar
}
