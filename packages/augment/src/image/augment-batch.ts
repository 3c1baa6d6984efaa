/** Augments the images of a batch one after another: what trainers feed their engines with. */
import { SimclrError } from '@simclr/core/plain'
import { checkImage } from './check-image.ts'
import type { ImageAugmentation, PlainImage } from './image-augmentation.ts'
import { toPlanar } from './planar/to-planar.ts'
import { withWorkingMemory } from './planar/working-memory.ts'
import { writePixels } from './planar/write-pixels.ts'

/** Images of one size, as packed datasets hold them. */
export interface PackedImages {
  /** RGB `[count, height, width, 3]`, bytes or floats in [0, 1]; may be shared between threads. */
  readonly data: Uint8Array | Float32Array
  readonly count: number
  readonly height: number
  readonly width: number
}

/** Options of {@link augmentBatch}. */
export interface AugmentBatchOptions {
  /** Which image each row of the result is a view of; default 0, 1, 2, … */
  source?: ArrayLike<number>
  /** Where the result is written, e.g. memory that threads share; default new memory. */
  output?: Float32Array
}

/**
 * Applies what was drawn for each row of the result to the image of that row.
 *
 * @param images Packed, or a function that gives image `i`; images may differ in size if their views do not.
 * @param drawn One element of what `sample` returns for each row.
 * @returns Floats `[rows, height, width, 3]`, not clipped beyond what the augmentation clips.
 * @throws SimclrError if there is no image for a row, if data and size of an image do not agree, if views differ in
 * size, or if the output has another length.
 *
 * @example
 * const drawn = [0, 1].flatMap((view) => augmentation.sample((i) => key.fold(i).fold(view), images.count, images))
 * const source = drawn.map((_, row) => row % images.count)
 * const views = augmentBatch(augmentation, images, drawn, { source })
 */
export function augmentBatch<Drawn>(
  augmentation: ImageAugmentation<Drawn>,
  images: PackedImages | ((i: number) => PlainImage),
  drawn: readonly Drawn[],
  { source = Int32Array.from(drawn.keys()), output }: AugmentBatchOptions = {},
): Float32Array {
  const imageOf = typeof images === 'function' ? images : unpack(images)
  checkCount('source', source.length, drawn.length)
  let result = output
  let rowLength = 0
  for (const [row, parameters] of drawn.entries()) {
    const image = imageOf(source[row]!)
    checkImage('augmentBatch', image)
    withWorkingMemory(() => {
      const view = toPlanar(augmentation.applyPlanar(image, parameters))
      if (row === 0) {
        rowLength = 3 * view.width * view.height
        result ??= new Float32Array(drawn.length * rowLength)
        checkCount('output', result.length, drawn.length * rowLength)
      }
      checkCount('size of the views', 3 * view.width * view.height, rowLength)
      writePixels(view, result!, row * rowLength)
    })
  }
  return result ?? new Float32Array(0)
}

function unpack({ data, count, height, width }: PackedImages): (i: number) => PlainImage {
  const length = 3 * height * width
  checkCount('data of the images', data.length, count * length)
  return (i) => {
    if (!(i >= 0 && i < count)) {
      throw new SimclrError({
        parameter: 'augmentBatch: source',
        expected: `an image from 0 to ${count - 1}`,
        received: `${i}`,
      })
    }
    return { data: data.subarray(i * length, (i + 1) * length), height, width }
  }
}

function checkCount(name: string, received: number, expected: number): void {
  if (received === expected) return
  throw new SimclrError({
    parameter: `augmentBatch: ${name}`,
    expected: `${expected} numbers`,
    received: `${received}`,
  })
}
