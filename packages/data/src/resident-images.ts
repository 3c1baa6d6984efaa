/** A small dataset's images on the engine, uploaded once for the whole run. */
import { SimclrError } from '@simclr/core'
import {
  cast,
  concat,
  div,
  floor,
  gather,
  mul,
  stack,
  sub,
  type Tensor3D,
  type Tensor4D,
  tensor1d,
  tensor3d,
  tidy,
} from '@tensorflow/tfjs-core'
import type { Dataset, ImageBatch } from './dataset.ts'

/** Images read and packed at a time. */
const BATCH = 1024

/** All images of a dataset as a tensor; whoever made it disposes it. */
export class ResidentImages {
  /** `[n, height, width]` int32: red + 256 · green + 65536 · blue, which every engine holds exactly, also as floats. */
  readonly #packed: Tensor3D
  /** Row of each image by its number in the whole split. */
  readonly #rows: ReadonlyMap<number, number>

  constructor(packed: Tensor3D, indices: Int32Array) {
    this.#packed = packed
    this.#rows = new Map(Array.from(indices, (index, row) => [index, row]))
  }

  /** Bytes that the images take on the engine: four for each pixel. */
  get bytes(): number {
    return this.#packed.size * 4
  }

  /**
   * The images with these numbers, as in {@link ImageBatch.indices}.
   *
   * @returns `[n, height, width, 3]` float32 in [0, 1]. The caller disposes it.
   * @throws SimclrError if an image is not among them.
   */
  gather(indices: Int32Array): Tensor4D {
    const rows = indices.map((index) => this.#rowOf(index))
    return tidy(() => {
      const pixels = cast(gather(this.#packed, tensor1d(rows, 'int32')), 'float32')
      const blue = floor(mul(pixels, 1 / 65536))
      const rest = sub(pixels, mul(blue, 65536))
      const green = floor(mul(rest, 1 / 256))
      const red = sub(rest, mul(green, 256))
      return div(stack([red, green, blue], 3), 255)
    })
  }

  dispose(): void {
    this.#packed.dispose()
  }

  #rowOf(index: number): number {
    const row = this.#rows.get(index)
    if (row !== undefined) return row
    throw new SimclrError({
      parameter: 'residentImages: indices',
      expected: 'numbers of images of the dataset',
      received: String(index),
      remedy: 'Pass the indices of a batch of the same dataset.',
    })
  }
}

/**
 * Uploads every image of a dataset with a fixed image size to the current engine.
 *
 * @returns Four bytes a pixel: 205 MB for the training images of CIFAR-10. Dispose it when done.
 * @throws SimclrError if images have no fixed size.
 *
 * @example
 * const resident = await residentImages(dataset)
 * for await (const { indices } of dataset.batches({ batchSize: 256, indicesOnly: true })) {
 *   const images = resident.gather(indices)
 * }
 */
export async function residentImages(dataset: Dataset): Promise<ResidentImages> {
  if (dataset.imageSize === undefined) {
    throw new SimclrError({
      parameter: `residentImages: ${dataset.name}`,
      expected: 'a dataset whose images have one size',
      received: 'images that are cropped and scaled on reading',
    })
  }
  const parts: Tensor3D[] = []
  const indices: number[] = []
  try {
    for await (const batch of dataset.batches({ batchSize: BATCH })) {
      parts.push(pack(batch))
      indices.push(...batch.indices)
    }
    return new ResidentImages(concat(parts), Int32Array.from(indices))
  } finally {
    for (const part of parts) part.dispose()
  }
}

function pack({ images, count, height, width }: ImageBatch): Tensor3D {
  const packed = new Int32Array(count * height * width)
  for (let pixel = 0, byte = 0; pixel < packed.length; pixel++, byte += 3) {
    packed[pixel] = images[byte]! + (images[byte + 1]! << 8) + (images[byte + 2]! << 16)
  }
  return tensor3d(packed, [count, height, width], 'int32')
}
