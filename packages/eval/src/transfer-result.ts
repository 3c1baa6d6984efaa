/** What the transfer suite finds. */
import type { Metric } from '@simclr/data'
import type { FineTuneSettings } from './fine-tune-grid.ts'
import type { TransferGroup } from './transfer-datasets.ts'

/**
 * `linear`: logistic regression on frozen features; `finetune`: the whole network from the weights; `random-init`: the
 * same network from random weights.
 */
export type TransferProtocol = 'linear' | 'finetune' | 'random-init'

/** The hyper-parameters that the validation images chose. */
export type TransferSettings = { readonly regularization: number } | FineTuneSettings

/** The outcome of one protocol with one set of weights on one dataset. */
export interface TransferOutcome {
  /** On the test images, 0..1, in the dataset's metric. */
  readonly score: number
  /** On the validation images, of the settings that were chosen. */
  readonly validationScore: number
  readonly settings: TransferSettings
  /** One number for each test image, see `transferCorrectness`. */
  readonly correctness: Float64Array
}

/** A cell of the table. */
export interface TransferCell extends TransferOutcome {
  readonly dataset: string
  readonly group: TransferGroup
  readonly protocol: TransferProtocol
  /** The name of the weights; `random init`, with the architecture, where there are none. */
  readonly weights: string
  /** Whether it is the best of its dataset and group, or not significantly worse: what the paper sets in bold. */
  readonly bold: boolean
}

/** Two cells of one dataset and group. */
export interface TransferComparison {
  readonly dataset: string
  readonly group: TransferGroup
  readonly weights: readonly [string, string]
  /** Exact McNemar test for top-1 accuracy; permutation test of 100,000 exchanges of images for the other metrics. */
  readonly pValue: number
}

/** A dataset as it was used. */
export interface TransferDatasetFacts {
  readonly name: string
  /** For people. */
  readonly title: string
  readonly metric: Metric
  readonly classes: number
  /** Numbers of images. */
  readonly train: number
  readonly validation: number
  readonly test: number
  /** Whether the validation images are training images that were held out, as there are no official ones. */
  readonly heldOut: boolean
}

export interface TransferResult {
  /** In the order of the table's columns. */
  readonly datasets: readonly TransferDatasetFacts[]
  readonly cells: readonly TransferCell[]
  readonly comparisons: readonly TransferComparison[]
}
