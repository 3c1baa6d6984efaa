/** Splits, subsets and orders for any source of images: a source only reads the images it is asked for. */

import type { ImageSize } from '@simclr/augment/image'
import { checkInteger, checkRange, SimclrError } from '@simclr/core'
import type { BatchOptions, Dataset, ImageBatch, Shard, SplitName } from './dataset.ts'

/** Reads images of one split. */
export interface ImageSource {
  /** Number of images. */
  readonly length: number
  readonly labels: Int32Array | undefined
  /** See {@link Dataset.multiLabels}. */
  readonly multiLabels?: Int8Array | undefined
  readonly imageSize: ImageSize | undefined
  /** See {@link Dataset.fileName}, of an image of the split. */
  fileName?(index: number): string
  /** One batch for each list of image numbers, none of them empty, in that order. */
  read(plan: Iterable<Int32Array>, options: BatchOptions): AsyncIterable<ImageBatch>
}

/** The splits that make up a dataset. */
export interface SourceCollection {
  readonly name: string
  readonly classes: readonly string[]
  readonly splits: { readonly train: ImageSource } & Partial<Readonly<Record<SplitName, ImageSource>>>
  /** What a reader can do about a missing split. */
  readonly splitRemedy?: string
  close(): Promise<void>
}

const SPLIT_NAMES: readonly SplitName[] = ['train', 'validation', 'trainval', 'test', 'unlabeled']

/** A process that works alone. */
const WHOLE: Shard = { rank: 0, size: 1 }

/** @returns the training split of the collection. */
export function sourceDataset(collection: SourceCollection): Dataset {
  return new SourceDataset(collection, collection.splits.train, undefined)
}

class SourceDataset implements Dataset {
  readonly name: string
  readonly classes: readonly string[]
  readonly length: number
  readonly labels: Int32Array | undefined
  readonly multiLabels: Int8Array | undefined
  readonly imageSize: ImageSize | undefined
  readonly splits: readonly SplitName[]

  constructor(
    private readonly collection: SourceCollection,
    private readonly source: ImageSource,
    /** Image numbers of a subset; undefined for the whole split. */
    private readonly members: Int32Array | undefined,
  ) {
    const { labels, multiLabels } = source
    const width = collection.classes.length
    this.name = collection.name
    this.classes = collection.classes
    this.length = members?.length ?? source.length
    this.labels = members && labels ? members.map((index) => labels[index]!) : labels
    this.multiLabels = members && multiLabels ? rowsOf(multiLabels, members, width) : multiLabels
    this.imageSize = source.imageSize
    this.splits = SPLIT_NAMES.filter((name) => collection.splits[name] !== undefined)
  }

  split(name: SplitName): Dataset {
    const source = this.collection.splits[name]
    if (source) return new SourceDataset(this.collection, source, undefined)
    throw new SimclrError({
      parameter: `${this.name}: split`,
      expected: `a split that the dataset has (${this.splits.join(', ')})`,
      received: `"${name}"`,
      remedy: this.collection.splitRemedy ?? 'Use the split "train".',
    })
  }

  subset(positions: ArrayLike<number>): Dataset {
    checkInteger(`${this.name}: number of positions of a subset`, positions.length, 1)
    const members = Int32Array.from(positions, (position) => {
      if (Number.isInteger(position) && position >= 0 && position < this.length) return this.indexAt(position)
      throw new SimclrError({
        parameter: `${this.name}: positions of a subset`,
        expected: `whole numbers from 0 to ${this.length - 1}`,
        received: String(position),
      })
    })
    return new SourceDataset(this.collection, this.source, members)
  }

  async *batches(options: BatchOptions): AsyncIterable<ImageBatch> {
    const { batchSize, views = 1, shard = WHOLE } = options
    checkInteger(`${this.name}: batchSize`, batchSize, 1)
    checkInteger(`${this.name}: views`, views, 1)
    checkShard(this.name, shard, batchSize)
    let left = Math.ceil(this.end(options) / batchSize)
    const plan = this.plan(options)
    for await (const batch of options.indicesOnly
      ? this.withoutImages(plan)
      : this.source.read(plan, options)) {
      left--
      yield this.withMultiLabels(batch)
    }
    if (left > 0) yield this.withMultiLabels(this.emptyBatch(options))
  }

  private withMultiLabels(batch: ImageBatch): ImageBatch {
    const { multiLabels } = this.source
    if (multiLabels === undefined) return batch
    return { ...batch, multiLabels: rowsOf(multiLabels, batch.indices, this.classes.length) }
  }

  private async *withoutImages(plan: Iterable<Int32Array>): AsyncIterable<ImageBatch> {
    const { labels } = this.source
    for (const indices of plan) {
      yield {
        ...this.emptyBatch({ batchSize: indices.length }),
        count: indices.length,
        labels: labels && indices.map((index) => labels[index]!),
        indices,
      }
    }
  }

  fileName(position: number): string | undefined {
    return this.source.fileName?.(this.indexAt(position))
  }

  close(): Promise<void> {
    return this.collection.close()
  }

  /** The image numbers of each batch, or of its part for a shard; empty parts are left out. */
  private *plan({ batchSize, shuffle, shard = WHOLE, ...options }: BatchOptions): Iterable<Int32Array> {
    const order = shuffle?.permutation(this.length)
    const end = this.end({ batchSize, ...options })
    for (let start = 0; start < end; start += batchSize) {
      const count = Math.min(batchSize, end - start)
      const before = (rank: number): number =>
        rank * Math.floor(count / shard.size) + Math.min(rank, count % shard.size)
      const first = start + before(shard.rank)
      const length = start + before(shard.rank + 1) - first
      if (length > 0)
        yield Int32Array.from({ length }, (_, i) => this.indexAt(order?.[first + i] ?? first + i))
    }
  }

  /** Number of images in all batches. */
  private end({ batchSize, dropRemainder = false }: BatchOptions): number {
    return dropRemainder ? this.length - (this.length % batchSize) : this.length
  }

  /** Also a rank's part of a last batch that has fewer images than there are ranks. */
  private emptyBatch({ size = 0, views = 1 }: BatchOptions): ImageBatch {
    const { height, width } = this.imageSize ?? { height: size, width: size }
    const none = new Int32Array(0)
    return {
      images: new Uint8Array(0),
      count: 0,
      views,
      height,
      width,
      labels: this.labels && none,
      indices: none,
    }
  }

  private indexAt(position: number): number {
    return this.members?.[position] ?? position
  }
}

function rowsOf(table: Int8Array, rows: Int32Array, width: number): Int8Array {
  const chosen = new Int8Array(rows.length * width)
  rows.forEach((row, i) => {
    chosen.set(table.subarray(row * width, (row + 1) * width), i * width)
  })
  return chosen
}

function checkShard(name: string, { rank, size }: Shard, batchSize: number): void {
  checkInteger(`${name}: shard.size`, size, 1)
  checkRange(
    `${name}: shard.size`,
    size,
    1,
    batchSize,
    'Each process needs an image of a batch: make it larger.',
  )
  checkInteger(`${name}: shard.rank`, rank, 0)
  checkRange(`${name}: shard.rank`, rank, 0, size - 1)
}
