/** Images of one size that stay in a file of records, for splits too large for memory. */
import { type FileHandle, open } from 'node:fs/promises'
import type { ImageSize } from '@simclr/augment/image'
import { SimclrError } from '@simclr/core'
import { checkWholeImages } from '../check-whole-images.ts'
import type { BatchOptions, ImageBatch } from '../dataset.ts'
import type { ImageSource } from '../source-dataset.ts'
import { PREFETCHED_BATCHES } from './decode-pool.ts'
import { prefetch } from './prefetch.ts'

export interface RecordSourceOptions {
  readonly name: string
  /** A file of `length` records of `recordBytes` each, one after the other. */
  readonly path: string
  readonly length: number
  readonly recordBytes: number
  readonly imageSize: ImageSize
  readonly labels?: Int32Array | undefined
  /** Writes the pixels of a record, `[height, width, 3]`. */
  readonly decode: (record: Uint8Array, pixels: Uint8Array) => void
}

/** Reads records when a batch needs them; the file is open while batches are read. */
export class RecordSource implements ImageSource {
  readonly length: number
  readonly labels: Int32Array | undefined
  readonly imageSize: ImageSize

  constructor(private readonly options: RecordSourceOptions) {
    this.length = options.length
    this.labels = options.labels
    this.imageSize = options.imageSize
  }

  async *read(plan: Iterable<Int32Array>, options: BatchOptions): AsyncIterable<ImageBatch> {
    checkWholeImages(this.options.name, options, this.imageSize)
    const file = await open(this.options.path)
    try {
      yield* prefetch(plan, (indices) => this.load(indices, file), PREFETCHED_BATCHES)
    } finally {
      await file.close()
    }
  }

  private async load(indices: Int32Array, file: FileHandle): Promise<ImageBatch> {
    const { height, width } = this.imageSize
    const bytes = height * width * 3
    const images = new Uint8Array(indices.length * bytes)
    const reads = Array.from(indices, async (index, row) => {
      const record = await this.readRecord(index, file)
      this.options.decode(record, images.subarray(row * bytes, (row + 1) * bytes))
    })
    await Promise.all(reads)
    const labels = this.labels && indices.map((index) => this.labels![index]!)
    return { images, count: indices.length, views: 1, height, width, labels, indices }
  }

  private async readRecord(index: number, file: FileHandle): Promise<Uint8Array> {
    const { name, path, recordBytes } = this.options
    const record = new Uint8Array(recordBytes)
    const { bytesRead } = await file.read(record, 0, recordBytes, index * recordBytes)
    if (bytesRead === recordBytes) return record
    throw new SimclrError({
      parameter: `${name}: ${path}`,
      expected: `a file of ${this.length} records of ${recordBytes} bytes`,
      received: `${bytesRead} bytes of record ${index}`,
      remedy: 'The file has changed since it was opened: unpack its archive again.',
    })
  }
}
