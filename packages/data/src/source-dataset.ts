/** Splits, subsets and orders for any source of images: a source only reads the images it is asked for. */
import { checkInteger, SimclrError } from '@simclr/core'
import type { BatchOptions, Dataset, ImageBatch, ImageSize, SplitName } from './dataset.ts'

/** Reads images of one split. */
export interface ImageSource {
  /** Number of images. */
  readonly length: number
  readonly labels: Int32Array | undefined
  /** See {@link Dataset.multiLabels}. */
  readonly multiLabels?: Int8Array | undefined
  readonly imageSize: ImageSize | undefined
  /** One batch for each list of image numbers, in that order. */
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
    this.multiLabels =
      members && multiLabels
        ? Int8Array.from({ length: members.length * width }, (_, i) => {
            return multiLabels[members[Math.floor(i / width)]! * width + (i % width)]!
          })
        : multiLabels
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
    const { batchSize, views = 1 } = options
    checkInteger(`${this.name}: batchSize`, batchSize, 1)
    checkInteger(`${this.name}: views`, views, 1)
    yield* this.source.read(this.plan(options), options)
  }

  close(): Promise<void> {
    return this.collection.close()
  }

  /** The image numbers of each batch. */
  private *plan({ batchSize, shuffle, dropRemainder = false }: BatchOptions): Iterable<Int32Array> {
    const order = shuffle?.permutation(this.length)
    const end = dropRemainder ? this.length - (this.length % batchSize) : this.length
    for (let start = 0; start < end; start += batchSize) {
      const count = Math.min(batchSize, end - start)
      yield Int32Array.from({ length: count }, (_, i) => this.indexAt(order?.[start + i] ?? start + i))
    }
  }

  private indexAt(position: number): number {
    return this.members?.[position] ?? position
  }
}
