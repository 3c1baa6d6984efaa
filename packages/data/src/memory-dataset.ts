/** A dataset whose images lie in memory as bytes, all of one size. */

import type { ImageSize } from '@simclr/augment/image'
import { checkInteger, SimclrError } from '@simclr/core'
import { checkWholeImages } from './check-whole-images.ts'
import type { BatchOptions, Dataset, ImageBatch } from './dataset.ts'
import { type ImageSource, sourceDataset } from './source-dataset.ts'

/** Images and labels of one split. */
export interface MemorySplit {
  /** RGB bytes of shape [n, height, width, 3]. */
  readonly images: Uint8Array
  /** Class of each image, length n; absent for unlabelled images. */
  readonly labels?: Int32Array
}

export interface MemoryDatasetOptions {
  readonly name: string
  /** Size of every image. */
  readonly imageSize: ImageSize
  /** Class names, default none. */
  readonly classes?: readonly string[]
  readonly train: MemorySplit
  readonly test?: MemorySplit
}

/**
 * Makes a dataset of arrays, which are kept and not copied.
 *
 * Its images come whole, once each: crops and views of small images are made on the engine, from one upload.
 *
 * @returns the training split; nothing needs closing.
 * @throws SimclrError if arrays, labels and classes do not agree.
 * @example
 * const images = new Uint8Array(100 * 32 * 32 * 3)
 * const dataset = memoryDataset({ name: 'mine', imageSize: { height: 32, width: 32 }, train: { images } })
 */
export function memoryDataset(options: MemoryDatasetOptions): Dataset {
  const { name, imageSize, classes = [], train, test } = options
  const source = (split: MemorySplit, splitName: string): ImageSource => {
    checkSplit(`memoryDataset: ${splitName} split of ${name}`, split, imageSize, classes)
    return new MemorySource(name, split, imageSize)
  }
  return sourceDataset({
    name,
    classes,
    splits: { train: source(train, 'train'), ...(test && { test: source(test, 'test') }) },
    splitRemedy: 'Give memoryDataset a `test` split.',
    close: async () => {},
  })
}

class MemorySource implements ImageSource {
  readonly length: number
  readonly labels: Int32Array | undefined
  private readonly images: Uint8Array

  constructor(
    private readonly name: string,
    { images, labels }: MemorySplit,
    readonly imageSize: ImageSize,
  ) {
    this.images = images
    this.labels = labels
    this.length = images.length / bytesPerImage(imageSize)
  }

  async *read(plan: Iterable<Int32Array>, options: BatchOptions): AsyncIterable<ImageBatch> {
    checkWholeImages(this.name, options, this.imageSize)
    const { height, width } = this.imageSize
    const stride = bytesPerImage(this.imageSize)
    for (const indices of plan) {
      const images = new Uint8Array(indices.length * stride)
      indices.forEach((index, row) => {
        images.set(this.images.subarray(index * stride, (index + 1) * stride), row * stride)
      })
      const labels = this.labels && indices.map((index) => this.labels![index]!)
      yield { images, count: indices.length, views: 1, height, width, labels, indices }
    }
  }
}

function bytesPerImage({ height, width }: ImageSize): number {
  return height * width * 3
}

function checkSplit(
  parameter: string,
  { images, labels }: MemorySplit,
  imageSize: ImageSize,
  classes: readonly string[],
) {
  checkInteger(`${parameter}: height`, imageSize.height, 1)
  checkInteger(`${parameter}: width`, imageSize.width, 1)
  const count = images.length / bytesPerImage(imageSize)
  if (!Number.isInteger(count) || count === 0) {
    throw new SimclrError({
      parameter: `${parameter}: images`,
      expected: `a positive multiple of ${bytesPerImage(imageSize)} bytes (height · width · 3)`,
      received: `${images.length} bytes`,
    })
  }
  if (labels === undefined) return
  if (labels.length !== count) {
    throw new SimclrError({
      parameter: `${parameter}: labels`,
      expected: `one per image, ${count}`,
      received: String(labels.length),
    })
  }
  const wrong = labels.find((label) => label < 0 || label >= classes.length)
  if (wrong === undefined) return
  throw new SimclrError({
    parameter: `${parameter}: labels`,
    expected: `numbers of the ${classes.length} classes, from 0`,
    received: String(wrong),
  })
}
