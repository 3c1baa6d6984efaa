/** The transfer suite: many weights on many datasets, by the paper's protocols and statistics (SimCLR appendix B.8). */
import { checkInteger, SimclrError } from '@simclr/core'
import type { Dataset, Metric } from '@simclr/data'
import { type Encoder, type ExtractFeaturesOptions, extractFeatures } from './extract-features.ts'
import type { Features } from './features.ts'
import { checkFineTuneDatasets, defaultMetric } from './fine-tune-labels.ts'
import { memoryStore, type RunStore } from './run-store.ts'
import type { TransferGroup } from './transfer-datasets.ts'
import type {
  TransferCell,
  TransferComparison,
  TransferDatasetFacts,
  TransferProtocol,
  TransferResult,
} from './transfer-result.ts'
import { transferSignificance, type UncomparedCell } from './transfer-significance.ts'
import { type TransferSplits, transferSplits } from './transfer-splits.ts'
import { runTransferTask, type TransferTaskProgress } from './transfer-task.ts'

/** Weights to be judged. */
export interface TransferEncoder {
  /** What the table calls them. */
  readonly name: string
  /** Changes with the weights, e.g. their checksum: stored results are found by it. Default: the name. */
  readonly identity?: string
  /** Gives an encoder with the weights, which is disposed after use. */
  readonly load: () => Encoder | Promise<Encoder>
  /** For `random-init`, which runs once for each architecture. */
  readonly untrained?: { readonly architecture: string; readonly load: () => Encoder | Promise<Encoder> }
}

export interface TransferDataset {
  /** As in `transferDatasets`, or any other; the paper's numbers are those of the same name. */
  readonly name: string
  /** What the table calls it. Default: the name. */
  readonly title?: string
  /** Its training split; the caller closes it. */
  readonly dataset: Dataset
  /** Default: top-1 accuracy, for images with several classes the 11-point mAP. */
  readonly metric?: Metric
}

export interface TransferOptions {
  readonly encoders: readonly TransferEncoder[]
  readonly datasets: readonly TransferDataset[]
  /** Default `['linear']`. */
  readonly protocols?: readonly TransferProtocol[]
  /** `'paper'` (default): 45 values of λ, 56 runs of fine-tuning. `'small'`: 12 and 6. */
  readonly grid?: 'paper' | 'small'
  /** Updates of each run of fine-tuning. Default 20,000, from random weights 40,000. */
  readonly steps?: number
  /** Images per update, and per forward pass of a frozen encoder. Default 256. */
  readonly batchSize?: number
  /** Side of the images in pixels, also of those that are smaller. Default 224. */
  readonly size?: number
  /** Finished cells and runs are found here and not repeated. Default: a new `memoryStore()`. */
  readonly store?: RunStore
  /** How features are made. Default {@link extractFeatures}; `cachedFeatures` of `@simclr/eval/node` keeps them. */
  readonly features?: (options: ExtractFeaturesOptions) => Promise<Features>
  /** Decides which images are held out, the training and the permutations. Default 0. */
  readonly seed?: number
  readonly onProgress?: (progress: TransferProgress) => void
}

export interface TransferProgress {
  readonly dataset: string
  readonly protocol: TransferProtocol
  readonly weights: string
  /** What it is about; `done` for a cell that is finished, `found` for one that was in the store. */
  readonly stage: TransferTaskProgress['stage'] | 'done' | 'found'
  /** Images, values of λ, or runs of the grid; at the end of a cell the cells that are finished. */
  readonly done: number
  readonly total: number
  /** At the end of a cell, on the test images; after a run of the grid, on the validation images; 0..1. */
  readonly score?: number
}

/**
 * On each dataset, each protocol is run with each set of weights: hyper-parameters are chosen on validation images, the
 * classifier is trained once more on training and validation images together, and tested. Results of a dataset are
 * compared on the single test images: all linear ones, and all fine-tuned ones together with those from random weights.
 *
 * Linear: the shorter side of the whole image is resized to `size`, the middle cut out, without augmentation; the frozen
 * encoder stays bit for bit as it is. Everything is checked before anything is computed.
 *
 * @throws SimclrError if names repeat, a dataset cannot be split (no test images, a class with a single image, classes
 * in test only) or does not fit its metric, weights have no untrained encoder where that is asked for, or as
 * `logisticRegressionPath` and `fineTuneSweep` do.
 * @example
 * const { cells, comparisons } = await transfer({
 *   encoders: [{ name: 'ours', load: async () => (await loadEncoder('runs/ours')).encoder }],
 *   datasets: [{ name: 'dtd', dataset: await openDataset('dtd:DIR') }],
 *   store: folderStore('transfer'),
 * })
 */
export async function transfer(options: TransferOptions): Promise<TransferResult> {
  const { encoders, datasets, onProgress } = options
  const { grid = 'paper', steps, batchSize = 256, size = 224, seed = 0 } = options
  const { store = memoryStore(), features = extractFeatures } = options
  checkNames('encoders', encoders)
  checkNames('datasets', datasets)
  checkInteger('transfer: batchSize', batchSize, 1)
  checkInteger('transfer: size', size, 1)
  if (steps !== undefined) checkInteger('transfer: steps', steps, 1)
  const rows = tableRows(options)
  const columns = datasets.map((entry) => openColumn(entry, seed))

  const total = rows.length * columns.length
  const cells: TransferCell[] = []
  const comparisons: TransferComparison[] = []
  for (const { facts, splits } of columns) {
    const { name: dataset, metric } = facts
    const column: UncomparedCell[] = []
    for (const { group, protocol, weights, identity, load } of rows) {
      const where = { dataset, protocol, weights }
      const { outcome, stored } = await runTransferTask({
        ...{ protocol, identity, load, splits, metric, grid, steps, batchSize, size, seed, features, store },
        onProgress: (progress) => onProgress?.({ ...where, ...progress }),
      })
      column.push({ ...where, group, ...outcome })
      const done = cells.length + column.length
      onProgress?.({ ...where, stage: stored ? 'found' : 'done', done, total, score: outcome.score })
    }
    for (const group of ['linear', 'fine-tuned'] as const) {
      const members = column.filter((cell) => cell.group === group)
      if (members.length === 0) continue
      const compared = transferSignificance(members, metric, seed)
      cells.push(...compared.cells)
      comparisons.push(...compared.comparisons)
    }
  }
  return { datasets: columns.map(({ facts }) => facts), cells, comparisons }
}

/** What is run on each dataset. */
interface TableRow {
  readonly group: TransferGroup
  readonly protocol: TransferProtocol
  readonly weights: string
  readonly identity: string
  readonly load: () => Encoder | Promise<Encoder>
}

function tableRows({ encoders, protocols = ['linear'] }: TransferOptions): TableRow[] {
  checkInteger('transfer: number of protocols', protocols.length, 1)
  return [...new Set(protocols)].flatMap((protocol) => {
    if (protocol === 'random-init') return untrainedRows(encoders)
    const group = protocol === 'linear' ? 'linear' : 'fine-tuned'
    return encoders.map(({ name, identity = name, load }) => ({
      ...({ group, protocol, weights: name, identity, load } as const),
    }))
  })
}

function untrainedRows(encoders: readonly TransferEncoder[]): TableRow[] {
  const rows = new Map<string, TableRow>()
  for (const { name, untrained } of encoders) {
    if (untrained === undefined) {
      throw new SimclrError({
        parameter: 'transfer: encoders',
        expected: 'given with an untrained encoder for the protocol random-init',
        received: `none for ${name}`,
      })
    }
    const { architecture, load } = untrained
    const weights = `random init ${architecture}`
    if (!rows.has(architecture)) {
      rows.set(architecture, {
        group: 'fine-tuned',
        protocol: 'random-init',
        weights,
        identity: weights,
        load,
      })
    }
  }
  return [...rows.values()]
}

function openColumn(
  { name, title = name, dataset, metric = defaultMetric(dataset) }: TransferDataset,
  seed: number,
): { facts: TransferDatasetFacts; splits: TransferSplits } {
  const splits = transferSplits(dataset, seed)
  const { train, validation, trainAndValidation, test, heldOut } = splits
  checkFineTuneDatasets('transfer', [train, validation, trainAndValidation, test], metric)
  return {
    facts: {
      ...{ name, title, metric, heldOut, classes: dataset.classes.length },
      ...{ train: train.length, validation: validation.length, test: test.length },
    },
    splits,
  }
}

function checkNames(what: string, entries: readonly { readonly name: string }[]): void {
  checkInteger(`transfer: number of ${what}`, entries.length, 1)
  const names = entries.map(({ name }) => name)
  const repeated = names.find((name, i) => names.indexOf(name) < i)
  if (repeated === undefined) return
  throw new SimclrError({
    parameter: `transfer: ${what}`,
    expected: 'of different names',
    received: `"${repeated}" twice`,
  })
}
