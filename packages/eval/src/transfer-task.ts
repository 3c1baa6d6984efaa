/** One cell of the transfer table: a protocol with one set of weights on one dataset (SimCLR appendix B.8). */
import type { Metric } from '@simclr/data'
import type { Encoder, ExtractFeaturesOptions } from './extract-features.ts'
import type { Features } from './features.ts'
import { fineTuneGrid } from './fine-tune-grid.ts'
import { fineTuneSweep } from './fine-tune-sweep.ts'
import { logisticRegressionPath } from './logistic-regression-path.ts'
import type { RunStore } from './run-store.ts'
import { transferCorrectness } from './transfer-correctness.ts'
import { transferImages } from './transfer-images.ts'
import type { TransferOutcome, TransferProtocol } from './transfer-result.ts'
import type { TransferSplits } from './transfer-splits.ts'

export interface TransferTask {
  readonly protocol: TransferProtocol
  /** Changes with the weights. */
  readonly identity: string
  readonly load: () => Encoder | Promise<Encoder>
  readonly splits: TransferSplits
  readonly metric: Metric
  readonly grid: 'paper' | 'small'
  readonly steps: number | undefined
  readonly batchSize: number
  readonly size: number
  readonly seed: number
  readonly features: (options: ExtractFeaturesOptions) => Promise<Features>
  readonly store: RunStore
  readonly onProgress: (progress: TransferTaskProgress) => void
}

export interface TransferTaskProgress {
  readonly stage: 'features' | 'regularization' | 'fine-tuning'
  /** Images, values of λ, or runs of the grid. */
  readonly done: number
  readonly total: number
  /** Of a run of the grid, on the validation images, 0..1. */
  readonly score?: number
}

/** Computes the cell, or finds it in the store. */
export async function runTransferTask(
  task: TransferTask,
): Promise<{ outcome: TransferOutcome; stored: boolean }> {
  const key = taskKey(task)
  const found = (await task.store.get(key)) as TransferOutcome | undefined
  if (found !== undefined) return { outcome: found, stored: true }
  const outcome = task.protocol === 'linear' ? await runLinear(task) : await runFineTune(task)
  await task.store.set(key, outcome)
  return { outcome, stored: false }
}

/** All that a cell depends on, as JSON. */
function taskKey({ protocol, identity, splits, metric, grid, size, seed, ...task }: TransferTask): string {
  const training = protocol === 'linear' ? {} : { steps: stepsOf(task, protocol), batchSize: task.batchSize }
  const images = imagesOf(splits)
  return JSON.stringify({ transfer: protocol, identity, images, metric, grid, size, seed, ...training })
}

function imagesOf({ train, validation, test, heldOut }: TransferSplits): string {
  return `${train.name}: ${train.length} train, ${validation.length} ${heldOut ? 'held out' : 'validation'}, ${test.length} test, ${train.classes.length} classes`
}

function stepsOf({ steps }: Pick<TransferTask, 'steps'>, protocol: TransferProtocol): number {
  return steps ?? fineTuneGrid({ pretrained: protocol === 'finetune' }).steps
}

/** λ of `--grid small`: whole decades. The paper's 45 are the default of the regression. */
const SMALL_PATH: readonly number[] = Array.from({ length: 12 }, (_, i) => 10 ** (i - 6))

async function runLinear(task: TransferTask): Promise<TransferOutcome> {
  const { splits, metric, grid, onProgress } = task
  const [train, validation, test] = await extractAll(task)
  const classes = splits.train.classes.length
  const { score, scores, regularization, path } = await logisticRegressionPath({
    train,
    validation,
    test,
    classes,
    metric,
    ...(grid === 'small' && { regularizations: SMALL_PATH }),
    onProgress: ({ done, total }) => onProgress({ stage: 'regularization', done, total }),
  })
  const labels = (test.labels ?? test.multiLabels)!
  return {
    score,
    validationScore: path.find((point) => point.regularization === regularization)!.score,
    settings: { regularization },
    correctness: transferCorrectness(metric, scores, labels, classes),
  }
}

/** Features of the training, validation and test images; the encoder stays as it is. */
async function extractAll({ load, splits, size, batchSize, features, onProgress }: TransferTask) {
  const encoder = await load()
  try {
    const parts = [splits.train, splits.validation, splits.test] as const
    const total = parts.reduce((sum, { length }) => sum + length, 0)
    let before = 0
    const extract = async (part: (typeof parts)[number]): Promise<Features> => {
      const extracted = await features({
        encoder,
        dataset: transferImages(part, size),
        size,
        batchSize,
        onProgress: ({ images }) => onProgress({ stage: 'features', done: before + images, total }),
      })
      before += part.length
      return extracted
    }
    return [await extract(parts[0]), await extract(parts[1]), await extract(parts[2])] as const
  } finally {
    encoder.dispose()
  }
}

async function runFineTune(task: TransferTask): Promise<TransferOutcome> {
  const { protocol, identity, load, splits, metric, grid: gridSize, onProgress } = task
  const { batchSize, size, seed, store } = task
  const { heldOut, ...parts } = splits
  const { best, result } = await fineTuneSweep({
    ...parts,
    encoder: load,
    identity: `${identity}, ${imagesOf(splits)}`,
    grid: fineTuneGrid({ pretrained: protocol === 'finetune', size: gridSize }).runs,
    steps: stepsOf(task, protocol),
    metric,
    batchSize,
    size,
    seed,
    store,
    onRun: ({ score }, { done, total }) => onProgress({ stage: 'fine-tuning', done, total, score }),
  })
  const { learningRate, weightDecay, score: validationScore } = best
  return {
    score: result.score,
    validationScore,
    settings: { learningRate, weightDecay },
    correctness: transferCorrectness(metric, result.scores, result.labels, parts.train.classes.length),
  }
}
