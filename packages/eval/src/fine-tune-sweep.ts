/** Fine-tuning with hyper-parameters chosen on validation images (SimCLR appendix B.8). */
import { checkInteger, SimclrError } from '@simclr/core'
import type { Dataset, Metric } from '@simclr/data'
import { batchNormMomentum } from './batch-norm-momentum.ts'
import { DivergedError } from './diverged-error.ts'
import type { Encoder } from './extract-features.ts'
import { type FineTuneResult, fineTune } from './fine-tune.ts'
import type { FineTuneSettings } from './fine-tune-grid.ts'
import { checkFineTuneDatasets, defaultMetric } from './fine-tune-labels.ts'
import { memoryStore, type RunStore } from './run-store.ts'

export interface FineTuneSweepOptions {
  /** Makes an encoder with the starting weights; called for each run, which trains and disposes it. */
  readonly encoder: () => Encoder | Promise<Encoder>
  /** Names the starting weights and how the images were split: what runs depend on beside their settings. */
  readonly identity: string
  readonly train: Dataset
  readonly validation: Dataset
  /** What the chosen settings are trained on in the end. */
  readonly trainAndValidation: Dataset
  readonly test: Dataset
  /** The settings to try, e.g. `fineTuneGrid({ pretrained: true }).runs`. */
  readonly grid: readonly FineTuneSettings[]
  /** Updates of each run: 20,000 in the paper, 40,000 from random weights. */
  readonly steps: number
  /** Default 256, the paper's. */
  readonly batchSize?: number
  /** Side of the images in pixels; required for datasets without a fixed image size. */
  readonly size?: number
  /** What chooses among runs and is reported. Default as {@link fineTune}. */
  readonly metric?: Metric
  /** Decides new classifiers' start, orders and crops; the same for all runs. Default 0. */
  readonly seed?: number
  /** Finished runs are found here and not repeated. Default: a new `memoryStore()`. */
  readonly store?: RunStore
  /** Called after each run of the grid, also one that was found in the store. */
  readonly onRun?: (run: FineTuneRun, progress: FineTuneSweepProgress) => void
}

export interface FineTuneSweepProgress {
  /** Runs of the grid done, from 1. */
  readonly done: number
  readonly total: number
  /** Whether the run was found in the store. */
  readonly stored: boolean
}

/** One run of the grid, trained on `train` and scored on `validation`. */
export interface FineTuneRun extends FineTuneSettings {
  /** By the metric; 0 if the run diverged. */
  readonly score: number
  /** Mean training loss of each epoch, up to the one that diverged. */
  readonly losses: readonly number[]
  /** Whether the loss or the scores stopped being finite. */
  readonly diverged: boolean
}

export interface FineTuneSweepResult {
  /** In the order of the grid. */
  readonly runs: readonly FineTuneRun[]
  /** The run of the highest score that did not diverge, the first among equals. */
  readonly best: FineTuneRun
  /** With the settings of the best, trained on `trainAndValidation` and scored on `test`. */
  readonly result: FineTuneResult
}

/**
 * Trains with each settings of a grid, chooses by the validation score, and trains once more on training and validation
 * images together: what the test set then says is the protocol's result. Each run starts from the same weights, and
 * batch normalisation moves by {@link batchNormMomentum}. A run that diverges is one of score 0. An interrupted sweep
 * with the same `store` repeats no finished run.
 *
 * @throws SimclrError as {@link fineTune} but for runs of the grid that diverge, if the grid is empty, or if all its runs
 * diverge.
 * @example
 * const { runs, steps } = fineTuneGrid({ pretrained: true })
 * const { best, result } = await fineTuneSweep({
 *   encoder: async () => (await loadEncoder(path)).encoder,
 *   identity: path,
 *   train: dataset,
 *   validation: dataset.split('validation'),
 *   trainAndValidation: dataset.split('trainval'),
 *   test: dataset.split('test'),
 *   grid: runs,
 *   steps,
 *   size: 224,
 *   store: folderStore('sweep'),
 * })
 */
export async function fineTuneSweep(options: FineTuneSweepOptions): Promise<FineTuneSweepResult> {
  const { train, validation, trainAndValidation, test, grid, store = memoryStore(), onRun } = options
  const sweep: Sweep = { batchSize: 256, seed: 0, metric: defaultMetric(train), ...options }
  checkInteger('fineTuneSweep: number of runs in the grid', grid.length, 1)
  checkFineTuneDatasets('fineTuneSweep', [train, validation, trainAndValidation, test], sweep.metric)
  const runs: FineTuneRun[] = []
  for (const settings of grid) {
    const { result: run, stored } = await findOrCompute(
      store,
      runKey(sweep, settings, train, validation),
      () => validationRun(sweep, settings),
    )
    runs.push(run)
    onRun?.(run, { done: runs.length, total: grid.length, stored })
  }
  const best = bestRun(runs)
  const key = runKey(sweep, best, trainAndValidation, test)
  const { result } = await findOrCompute(store, key, () => trainOnce(sweep, best, trainAndValidation, test))
  return { runs, best, result }
}

/** Options with defaults filled in. */
type Sweep = FineTuneSweepOptions & Required<Pick<FineTuneSweepOptions, 'batchSize' | 'metric' | 'seed'>>

/** The result under this key, computed if there is none. */
async function findOrCompute<Result>(
  store: RunStore,
  key: string,
  compute: () => Promise<Result>,
): Promise<{ result: Result; stored: boolean }> {
  const found = (await store.get(key)) as Result | undefined
  if (found !== undefined) return { result: found, stored: true }
  const result = await compute()
  await store.set(key, result)
  return { result, stored: false }
}

/** All that a run depends on, as JSON. */
function runKey(
  { identity, steps, batchSize, size, metric, seed }: Sweep,
  { learningRate, weightDecay }: FineTuneSettings,
  train: Dataset,
  test: Dataset,
): string {
  const images = ({ name, length }: Dataset): string => `${length} of ${name}`
  const settings = { learningRate, weightDecay, steps, batchSize, size, metric, seed }
  return JSON.stringify({ identity, ...settings, train: images(train), test: images(test) })
}

async function validationRun(
  sweep: Sweep,
  { learningRate, weightDecay }: FineTuneSettings,
): Promise<FineTuneRun> {
  const losses: number[] = []
  const run = { learningRate, weightDecay, losses }
  try {
    const { score } = await trainOnce(sweep, run, sweep.train, sweep.validation, losses)
    return { ...run, score, diverged: false }
  } catch (error) {
    if (error instanceof DivergedError) return { ...run, score: 0, diverged: true }
    throw error
  }
}

/** Fine-tunes a new encoder. @param losses Gets each epoch's. */
async function trainOnce(
  { encoder: create, steps, batchSize, size, metric, seed }: Sweep,
  { learningRate, weightDecay }: FineTuneSettings,
  train: Dataset,
  test: Dataset,
  losses: number[] = [],
): Promise<FineTuneResult> {
  const encoder = await create()
  try {
    return await fineTune({
      encoder,
      train,
      test,
      steps,
      batchSize,
      learningRate,
      weightDecay,
      batchNormMomentum: batchNormMomentum(Math.ceil(train.length / batchSize)),
      metric,
      seed,
      onProgress: ({ loss }) => losses.push(loss),
      ...(size === undefined ? {} : { size }),
    })
  } finally {
    encoder.dispose()
  }
}

function bestRun(runs: readonly FineTuneRun[]): FineTuneRun {
  const best = runs
    .filter(({ diverged }) => !diverged)
    .reduce<FineTuneRun | undefined>((most, run) => (most && most.score >= run.score ? most : run), undefined)
  if (best !== undefined) return best
  throw new SimclrError({
    parameter: 'fineTuneSweep: grid',
    expected: 'of at least one run whose loss stays finite',
    received: `${runs.length} that diverged`,
    remedy: 'Try lower learning rates.',
  })
}
