/** What a dataset is, and how its images come: in batches of bytes, in an order that only a key decides. */
import type { CropBox, ImageSize } from '@simclr/augment/image'
import type { RandomKey } from '@simclr/core'

/** Images of one step, as bytes: they become floats in [0, 1] on the engine, after one upload. */
export interface ImageBatch {
  /**
   * RGB bytes of shape [views · count, height, width, 3], view-major: rows 0..count-1 are view 0 of every image, and
   * so on. The caller owns the array; it may lie on shared memory. Empty with {@link BatchOptions.indicesOnly}.
   */
  readonly images: Uint8Array
  /** Number of images, each of which comes `views` times. */
  readonly count: number
  readonly views: number
  readonly height: number
  readonly width: number
  /** Class of each image, length `count`; undefined for an unlabelled dataset. */
  readonly labels: Int32Array | undefined
  /** Shape [count, classes], for images with several classes: see {@link Dataset.multiLabels}. */
  readonly multiLabels?: Int8Array
  /** Number of each image in its whole split, length `count`: the same under any order and in any subset. */
  readonly indices: Int32Array
}

/**
 * Draws the part of an image that a view shows. It must depend on its arguments only.
 *
 * @param index The image's number in its whole split, as in {@link ImageBatch.indices}.
 * @param view 0..views-1.
 * @param size The image's, as it is stored: EXIF orientation is ignored, as torchvision does.
 * @returns Whole pixels inside of the image.
 */
export type DrawCrop = (index: number, view: number, size: ImageSize) => CropBox

/**
 * The part of one of several processes that go through the same batches together.
 *
 * All of them give the same options but for `rank`; `batchSize` is that of the whole batch. Each batch is cut into
 * `size` runs of images that differ by one in length at most, longer ones first; joined in the order of ranks they are
 * the batch of a single process. So every image comes once, and every rank gets the same number of batches. Parts of a
 * last, smaller batch may differ in length, and are empty (`count` 0) for the last ranks if it has fewer images than
 * there are ranks: a trainer whose ranks exchange tensors of equal shape sets `dropRemainder` and a `batchSize` that
 * `size` divides.
 */
export interface Shard {
  /** This process, 0..size-1. */
  readonly rank: number
  /** Number of processes, at most `batchSize`. */
  readonly size: number
}

export interface BatchOptions {
  /** Images per batch, of all processes together; the last batch may be smaller. */
  readonly batchSize: number
  /** Key of this epoch's order. Absent: the order of the files. */
  readonly shuffle?: RandomKey
  /** Leaves out a last batch of fewer than `batchSize` images. Default false. */
  readonly dropRemainder?: boolean
  /** Leaves `images` empty, where they lie on the engine already (`residentImages`). Default false. */
  readonly indicesOnly?: boolean
  /** Gives only this process's part of each batch. Default: whole batches. */
  readonly shard?: Shard
  /** Output side in pixels. Required for datasets without a fixed image size; elsewhere it can only be that size. */
  readonly size?: number
  /** Views of each image, default 1. More than one needs `crop`. */
  readonly views?: number
  /**
   * Crop box per image and view, for datasets without a fixed image size; the box is scaled to `size` × `size`.
   * Absent: the official evaluation input, a centre crop of 0.875 scaled to `size`.
   */
  readonly crop?: DrawCrop
}

/**
 * `train` and `test` as their authors drew them; `validation` where there is an official one, and then `trainval`, both
 * together; `unlabeled` images.
 */
export type SplitName = 'train' | 'validation' | 'trainval' | 'test' | 'unlabeled'

/** A split of a dataset, or a part of one. Functions that open a dataset return its training split. */
export interface Dataset {
  readonly name: string
  /** Number of images. */
  readonly length: number
  /** Class names; empty for an unlabelled dataset. */
  readonly classes: readonly string[]
  /** Class of each image in file order, length `length`; undefined for an unlabelled dataset. */
  readonly labels: Int32Array | undefined
  /**
   * For images with several classes (VOC2007), `labels` is undefined and this is `[length, classes.length]`, row-major:
   * 1 present, -1 absent, 0 difficult, which evaluation leaves out.
   */
  readonly multiLabels: Int8Array | undefined
  /** Size of every image, or undefined where images are cropped and scaled on reading. */
  readonly imageSize: ImageSize | undefined
  /** The splits that there are; always `train`. */
  readonly splits: readonly SplitName[]
  /**
   * The name of an image's file without folders, `n01440764_10026.JPEG`, wherever the file or the archive lies.
   *
   * @param position 0..length-1 of this dataset.
   * @returns undefined where images have no files of their own.
   */
  fileName(position: number): string | undefined
  /**
   * A whole split of this dataset, also when called on a subset.
   *
   * @throws SimclrError if there is no such split.
   */
  split(name: SplitName): Dataset
  /**
   * Some images of this dataset, in the given order.
   *
   * @param positions 0..length-1 of this dataset. Batches of the subset still give `indices` in the whole split, so
   * that an image keeps its random numbers in every subset.
   * @throws SimclrError if a position does not exist or if there is none.
   */
  subset(positions: ArrayLike<number>): Dataset
  /**
   * One pass over the images. The number of batches is ceil(length / batchSize), or floor with `dropRemainder`.
   *
   * @throws SimclrError on the first `next()` if an option cannot be used, and later if an image cannot be read.
   */
  batches(options: BatchOptions): AsyncIterable<ImageBatch>
  /** Frees worker threads, for all splits and subsets. Datasets in memory need no closing. */
  close(): Promise<void>
}
