/** The pretraining loop: data, views, train steps, online kNN, metrics and checkpoints. */

import { setImmediate } from 'node:timers/promises'
import { RandomKey } from '@simclr/core'
import type { Dataset } from '@simclr/data'
import type { SimclrNetwork } from '@simclr/models'
import type { Optimizer } from '@simclr/optimizers'
import { getBackend } from '@tensorflow/tfjs-core'
import { buildLoss, type ContrastiveLoss } from '../build-loss.ts'
import { buildNetwork, buildOptimizer, buildProbe, buildSchedule } from '../build-run.ts'
import { type Config, type PartialConfig, resolveConfig } from '../config.ts'
import { explainOutOfMemory } from '../explain-out-of-memory.ts'
import type { OnlineProbe } from '../online-probe.ts'
import { type StepMetrics, trainStep } from '../train-step.ts'
import { type ViewMaker, type ViewPlace, viewMaker } from '../view-maker.ts'
import { findCheckpoint, restoreCheckpoint, writeCheckpoint } from './checkpoint.ts'
import { imageIdentity } from './image-identity.ts'
import { type KnnEvent, type MetricsEvent, MetricsLog, type StepEvent } from './metrics-log.ts'
import { knnImages, onlineKnn } from './online-knn.ts'
import { openConfiguredDataset } from './open-configured-dataset.ts'
import { enterRunFolder } from './run-folder.ts'
import { trainingImages } from './training-images.ts'
import { withWaiting } from './with-waiting.ts'

export interface PretrainOptions {
  /** The run's folder. */
  out: string
  /** Continue the run in `out` from its newest whole checkpoint; a new run starts if there is none. Default false. */
  resume?: boolean
  /** Opened dataset; default: `config.data` by name. Closed by the caller if given. */
  dataset?: Dataset
  /** Description of the engine for the checkpoints; default: the TensorFlow.js backend's name. */
  engine?: string
  /** Where views are computed; default: on the processor if the current backend computes there. */
  viewsOn?: ViewPlace
  /** Stops after the current step, with a checkpoint. */
  signal?: AbortSignal
  /** Receives each event after it was logged. */
  onEvent?: (event: MetricsEvent, progress: Progress) => void
  /** Receives warnings, one line each; default: console.warn. */
  warn?: (line: string) => void
}

/** Where a run stands. */
export interface Progress {
  readonly totalSteps: number
  readonly epochs: number
}

export interface RunResult {
  readonly out: string
  readonly config: Config
  /** Updates made in all. */
  readonly step: number
  readonly totalSteps: number
  /** Whether the run was stopped by its signal before the end. */
  readonly interrupted: boolean
  /** Path of the newest checkpoint. */
  readonly checkpoint: string
  /** The last logged step of this process; undefined if none was left to do. */
  readonly lastStep: StepEvent | undefined
  /** Online kNN evaluations of this process, oldest first. */
  readonly knn: readonly KnnEvent[]
}

/**
 * Pretrains an encoder on the current TensorFlow.js engine. A run is a function of (config, engine, threads): every
 * draw is keyed by (seed, epoch, image, view), and a resumed run ends with the same weights, bit for bit, as one that
 * was never stopped.
 *
 * @throws SimclrError for a configuration, dataset or folder that cannot be used, a loss that is not finite, or a full
 * disk; the checkpoints written before remain.
 *
 * @example
 * await useEngine('auto')
 * const run = await pretrain({ ...presets.tiny, seed: 1 }, { out: 'runs/tiny' })
 */
export async function pretrain(settings: PartialConfig, options: PretrainOptions): Promise<RunResult> {
  const config = resolveConfig(settings)
  const loss = buildLoss(config)
  const { out, resume = false, warn = console.warn } = options
  const whole = options.dataset ?? (await openConfiguredDataset(config))
  try {
    const dataset = trainingImages(whole, config)
    await enterRunFolder(out, config, { images: imageIdentity(whole), resume })
    return await train(config, dataset, { ...options, loss, warn })
  } finally {
    if (options.dataset === undefined) await whole.close()
  }
}

async function train(
  config: Config,
  dataset: Dataset,
  {
    out,
    loss,
    signal,
    onEvent,
    warn,
    viewsOn,
    engine = getBackend(),
  }: PretrainOptions & { loss: ContrastiveLoss; warn: (line: string) => void },
): Promise<RunResult> {
  const stepsPerEpoch = Math.floor(dataset.length / config.batchSize)
  const totalSteps = stepsPerEpoch * config.epochs
  const schedule = buildSchedule(config, stepsPerEpoch)
  const network = buildNetwork(config)
  const optimizer = buildOptimizer(config, schedule)
  const { featureWidth: inputWidth } = network.encoder
  const probe = buildProbe(config, { inputWidth, classes: dataset.classes.length, totalSteps })
  let log: MetricsLog | undefined
  let maker: ViewMaker | undefined
  try {
    const found = await findCheckpoint(out, warn)
    if (found !== undefined) {
      restoreCheckpoint(found, network, optimizer, probe)
      if (found.state.engine !== engine) {
        warn(
          `Resuming on ${engine} what ${found.state.engine} began: results will differ in the last digits.`,
        )
      }
    }
    log = await MetricsLog.open(out, optimizer.step)
    const knn: KnnEvent[] = []
    const record = (event: MetricsEvent): void => {
      log!.write(event)
      if (event.event === 'knn') knn.push(event)
      onEvent?.(event, { totalSteps, epochs: config.epochs })
    }
    const evaluated = knnImages(dataset, config, warn)
    const evaluate = async (): Promise<void> => {
      if (evaluated === undefined) return
      const accuracies = await onlineKnn(network.encoder, evaluated, config, probe)
      record({ event: 'knn', step: optimizer.step, epoch: optimizer.step / stepsPerEpoch, ...accuracies })
    }
    const save = (): Promise<string> =>
      writeCheckpoint(out, network, optimizer, { config, engine, keep: config.keepCheckpoints, probe })

    let checkpoint = found?.path
    if (checkpoint === undefined) {
      await evaluate()
      checkpoint = await save()
    }
    maker = await viewMaker(dataset, config, viewsOn)
    let lastStep: StepEvent | undefined
    const began = performance.now()
    const knnSteps = Math.round(config.knnEvery * stepsPerEpoch)
    const isStopped = (step: number): boolean => signal?.aborted === true && step < totalSteps
    const isEvaluated = (step: number): boolean =>
      knnSteps > 0 && (step % knnSteps === 0 || step === totalSteps)
    const isSaved = (step: number): boolean => step % config.checkpointEvery === 0 || step === totalSteps
    const isPause = (step: number): boolean => isStopped(step) || isEvaluated(step) || isSaved(step)
    const training = { config, dataset, maker, network, optimizer, probe, loss, schedule, began, isPause }
    for await (const event of trainSteps(training)) {
      record(event)
      lastStep = event
      const { step } = event
      if (step < optimizer.step) continue
      const stop = isStopped(step)
      if (!stop && isEvaluated(step)) await evaluate()
      if (stop || isSaved(step)) checkpoint = await save()
      if (stop) break
    }
    const { step } = optimizer
    return { out, config, step, totalSteps, interrupted: step < totalSteps, checkpoint, lastStep, knn }
  } finally {
    log?.close()
    maker?.dispose()
    network.dispose()
    optimizer.dispose()
    probe?.dispose()
  }
}

interface Training {
  config: Config
  dataset: Dataset
  maker: ViewMaker
  network: SimclrNetwork
  optimizer: Optimizer
  probe: OnlineProbe | undefined
  loss: ContrastiveLoss
  schedule: (step: number) => number
  began: number
  /** Whether the metrics up to this step are wanted before the next one starts. */
  isPause: (step: number) => boolean
}

/** An update whose metrics were not asked for yet. */
interface RunningStep {
  readonly step: number
  readonly learningRate: number
  readonly waitSeconds: number
  readonly metrics: () => Promise<StepMetrics>
  /** Time from its batch to the next one's, once that is known. */
  milliseconds?: number
}

/** Trains from the optimizer's step to the end of the last epoch; yields each step's event while the next one runs. */
async function* trainSteps(training: Training): AsyncGenerator<StepEvent> {
  const { config, dataset, maker, network, optimizer, loss, schedule, began, isPause } = training
  const { probe: classifier } = training
  const { batchSize, epochs, temperature, normalize, chunkImages } = config
  const stepsPerEpoch = Math.floor(dataset.length / batchSize)
  const root = RandomKey.fromSeed(config.seed)
  const running: RunningStep[] = []
  for (let epoch = Math.floor(optimizer.step / stepsPerEpoch); epoch < epochs; epoch++) {
    const done = optimizer.step % stepsPerEpoch
    const order = root.fold('order').fold(epoch).permutation(dataset.length)
    const viewKey = root.fold('views').fold(epoch)
    const keyOf = (image: number, view: number): RandomKey => viewKey.fold(image).fold(view)
    const rest = dataset.subset(order.subarray(done * batchSize))
    const batches = rest.batches({ batchSize, dropRemainder: true, ...maker.reading(keyOf) })
    let before = performance.now()
    for await (const { item: batch, waitSeconds } of withWaiting(batches)) {
      const learningRate = schedule(optimizer.step)
      const probe = classifier && { classifier, labels: batch.labels! }
      const views = maker.views(batch, keyOf)
      const { metrics } = explainOutOfMemory(config, network, () =>
        trainStep(network, optimizer, views, { temperature, normalize, loss, chunkImages, probe }),
      )
      views.dispose()
      running.push({ step: optimizer.step, learningRate, waitSeconds, metrics })
      await setImmediate() // lets the process see signals
      const behind = isPause(optimizer.step) ? 0 : 1
      while (running.length > behind) {
        const { step, learningRate, waitSeconds, metrics, milliseconds } = running.shift()!
        const values = await metrics()
        const now = performance.now()
        const viewsPerSecond = (2 * batchSize) / ((milliseconds ?? now - before) / 1000)
        const epoch = step / stepsPerEpoch
        const seconds = (now - began) / 1000
        yield { event: 'step', step, epoch, ...values, learningRate, viewsPerSecond, waitSeconds, seconds }
      }
      const after = performance.now()
      for (const update of running) update.milliseconds = after - before
      before = after
    }
  }
}
