/** Images that are decoded, cropped and scaled when a batch needs them. */

import { type CropBox, centerCropBox, type ImageSize } from '@simclr/augment/image'
import { checkInteger, SimclrError } from '@simclr/core'
import type { BatchOptions, ImageBatch } from '../dataset.ts'
import type { ImageSource } from '../source-dataset.ts'
import { type DecodePool, PREFETCHED_BATCHES } from './decode-pool.ts'
import type { DecodeJob, ImageFailure } from './decode-worker.ts'
import { type ImageFile, imageName } from './image-file.ts'
import type { ImageHeader } from './image-header.ts'
import { prefetch } from './prefetch.ts'

export interface DecodedSourceOptions {
  readonly name: string
  /** In the split's order. */
  readonly files: readonly ImageFile[]
  readonly labels?: Int32Array | undefined
  /** `[files, classes]`, see {@link Dataset.multiLabels}. */
  readonly multiLabels?: Int8Array
  readonly pool: DecodePool
  /** Called with an image that cannot be decoded: throws, or returns to leave it out of its batch. */
  readonly onFailure: (path: string, reason: string) => void
}

/** An image of a batch that cannot be decoded. */
interface FailedRow extends ImageFailure {
  readonly row: number
}

export class DecodedSource implements ImageSource {
  readonly length: number
  readonly labels: Int32Array | undefined
  readonly multiLabels: Int8Array | undefined
  readonly imageSize: undefined
  private readonly options: DecodedSourceOptions
  /** Headers of the images known so far, by number. */
  private readonly headers: (ImageHeader | undefined)[]

  constructor(options: DecodedSourceOptions) {
    this.options = options
    this.length = options.files.length
    this.labels = options.labels
    this.multiLabels = options.multiLabels
    this.headers = options.files.map(({ header }) => header)
  }

  async *read(plan: Iterable<Int32Array>, options: BatchOptions): AsyncIterable<ImageBatch> {
    const { size, views = 1, crop } = options
    checkInteger(
      `${this.options.name}: size`,
      size ?? Number.NaN,
      1,
      'Its images differ in size: say which to make.',
    )
    if (views > 1 && crop === undefined) {
      throw new SimclrError({
        parameter: `${this.options.name}: crop`,
        expected: 'a function if there is more than one view',
        received: `none for ${views} views`,
        remedy: 'Draw a box for each view, e.g. with sampleCropBox of @simclr/augment.',
      })
    }
    yield* prefetch(plan, (indices) => this.load(indices, options), PREFETCHED_BATCHES)
  }

  private async load(indices: Int32Array, { size = 0, views = 1, crop }: BatchOptions): Promise<ImageBatch> {
    const stride = indices.length
    const images = new SharedArrayBuffer(views * stride * size * size * 3)
    const failures = await this.findHeaders(indices)
    const jobs = [...indices].flatMap((index, row): DecodeJob[] => {
      const header = this.headers[index]
      if (header === undefined) return []
      const { height, width } = header
      const boxes = this.boxes(index, views, { height, width }, crop)
      return [{ file: this.options.files[index]!, header, row, boxes }]
    })
    const results = await this.options.pool.decode(jobs, { stride, size, images })
    for (const [i, failure] of results.entries())
      if (failure) failures.push({ ...failure, row: jobs[i]!.row })
    return this.batch(indices, new Uint8Array(images), { size, views }, failures)
  }

  /**
   * Reads the headers of images that are seen for the first time.
   *
   * @returns those that have none.
   */
  private async findHeaders(indices: Int32Array): Promise<FailedRow[]> {
    const rows = [...indices.keys()].filter((row) => this.headers[indices[row]!] === undefined)
    const files = rows.map((row) => this.options.files[indices[row]!]!)
    const found = await this.options.pool.readHeaders(files)
    return found.flatMap((header, i) => {
      const row = rows[i]!
      if ('reason' in header) return [{ ...header, row }]
      this.headers[indices[row]!] = header
      return []
    })
  }

  /** The batch without the images that failed. */
  private batch(
    indices: Int32Array,
    images: Uint8Array,
    { size, views }: { size: number; views: number },
    failures: FailedRow[],
  ): ImageBatch {
    for (const { row, reason } of failures.sort((a, b) => a.row - b.row)) {
      this.options.onFailure(this.nameOf(indices[row]!), reason)
    }
    if (failures.length === indices.length) {
      throw new SimclrError({
        parameter: `${this.options.name}: batch`,
        expected: 'at least one image that can be decoded',
        received: `${failures.length} that cannot, the first ${this.nameOf(indices[0]!)}`,
        remedy: 'Replace the damaged files or make larger batches.',
      })
    }
    const failed = new Set(failures.map(({ row }) => row))
    const kept = indices.filter((_, row) => !failed.has(row))
    const bytes = size * size * 3
    const rows = (_: number, row: number): boolean => !failed.has(Math.floor(row / bytes) % indices.length)
    return {
      images: failed.size === 0 ? images : images.filter(rows),
      count: kept.length,
      views,
      height: size,
      width: size,
      labels: this.labels && kept.map((index) => this.labels![index]!),
      indices: kept,
    }
  }

  private boxes(index: number, views: number, size: ImageSize, crop: BatchOptions['crop']): CropBox[] {
    if (crop === undefined) return [centerCropBox(size)]
    return Array.from({ length: views }, (_, view) => {
      const box = crop(index, view, size)
      checkBox(this.nameOf(index), box, size)
      return box
    })
  }

  private nameOf(index: number): string {
    return imageName(this.options.files[index]!)
  }
}

function checkBox(path: string, { top, left, height, width }: CropBox, size: ImageSize): void {
  const whole = [top, left, height, width].every(Number.isInteger)
  const inside = top >= 0 && left >= 0 && top + height <= size.height && left + width <= size.width
  if (whole && inside && height > 0 && width > 0) return
  throw new SimclrError({
    parameter: `crop box for ${path}`,
    expected: `whole pixels inside of ${size.height} × ${size.width}`,
    received: `top ${top}, left ${left}, height ${height}, width ${width}`,
  })
}
