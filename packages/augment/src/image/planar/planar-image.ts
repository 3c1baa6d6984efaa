import { allocate } from './working-memory.ts'

/** An image in the working memory: planes of red, green and blue, row after row of float32. */
export interface PlanarImage {
  readonly address: number
  readonly width: number
  readonly height: number
}

/** Room after the last pixel of a plane, which passes of sixteen numbers a step may overwrite. */
const SPARE_FLOATS = 16

/** Takes memory for an image; its pixels are arbitrary. */
export function allocateImage(width: number, height: number): PlanarImage {
  const image = { address: 0, width, height }
  return { ...image, address: allocate(3 * planeBytes(image)) }
}

/** From one plane to the next. */
export function planeBytes({ width, height }: PlanarImage): number {
  return 64 * Math.ceil((width * height + SPARE_FLOATS) / 16)
}

/** The addresses of red, green and blue. */
export function planes(image: PlanarImage): [number, number, number] {
  const bytes = planeBytes(image)
  return [image.address, image.address + bytes, image.address + 2 * bytes]
}

/** Whether an image lies in the working memory. */
export function isPlanar(image: object): image is PlanarImage {
  return 'address' in image
}

/** The vectors of a plane, to the last pixel. */
export function planeVectors({ width, height }: PlanarImage): number {
  return Math.ceil((width * height) / 4)
}
