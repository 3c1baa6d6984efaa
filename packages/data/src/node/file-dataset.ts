/** A dataset of encoded images that lists name: what every loader of such a dataset ends in. */
import { basename } from 'node:path'
import type { Dataset, SplitName } from '../dataset.ts'
import { type ImageSource, sourceDataset } from '../source-dataset.ts'
import { DecodePool } from './decode-pool.ts'
import { DecodedSource } from './decoded-source.ts'
import { type DecodingOptions, failureHandler } from './decoding-options.ts'
import { type ImageFile, imageName } from './image-file.ts'

/** The images of a split, in order. */
export interface ImageList {
  readonly files: readonly ImageFile[]
  /** Class of each image. */
  readonly labels?: Int32Array | undefined
  /** `[files, classes]`, see {@link Dataset.multiLabels}. */
  readonly multiLabels?: Int8Array
}

/** The image files of a dataset. */
export interface FileLists {
  readonly name: string
  readonly classes: readonly string[]
  readonly splits: { readonly train: ImageList } & Partial<Readonly<Record<SplitName, ImageList>>>
}

export interface FileDatasetOptions extends FileLists, DecodingOptions {
  /** What a reader can do about a missing split. */
  readonly splitRemedy?: string
}

/**
 * Images are opened when a batch needs them.
 *
 * @returns the training split; close it to end its threads.
 */
export function fileDataset({ name, classes, splits, splitRemedy, ...options }: FileDatasetOptions): Dataset {
  const pool = new DecodePool(options)
  const onFailure = failureHandler(options)
  const source = (list: ImageList): ImageSource =>
    Object.assign(new DecodedSource({ ...list, name, pool, onFailure }), {
      fileName: (index: number) => basename(imageName(list.files[index]!)),
    })
  const { train, ...others } = splits
  const dataset = sourceDataset({
    name,
    classes,
    splits: {
      train: source(train),
      ...Object.fromEntries(Object.entries(others).map(([split, list]) => [split, source(list)])),
    },
    ...(splitRemedy !== undefined && { splitRemedy }),
    close: () => pool.close(),
  })
  listsOfDatasets.set(dataset, { name, classes, splits })
  return dataset
}

const listsOfDatasets = new WeakMap<Dataset, FileLists>()

/** @returns the lists that `fileDataset` made this dataset of; undefined for its subsets and for any other dataset. */
export function fileLists(dataset: Dataset): FileLists | undefined {
  return listsOfDatasets.get(dataset)
}
