/** The pretraining loop: data, views, train steps, online kNN, metrics and checkpoints. */
import { type Communicator, SimclrError, singleProcess } from '@simclr/core'
import type { Dataset } from '@simclr/data'
import { getBackend } from '@tensorflow/tfjs-core'
import { buildLoss } from '../build-loss.ts'
import { buildNetwork, buildOptimizer, buildProbe, buildSchedule } from '../build-run.ts'
import { type Config, type PartialConfig, resolveConfig } from '../config.ts'
import { type ViewMaker, type ViewPlace, viewMaker } from '../view-maker.ts'
import { agree, checkReplicas } from './agreement.ts'
import { findSharedCheckpoint, restoreCheckpoint, writeCheckpoint } from './checkpoint.ts'
import { anyRank, onFirstRank } from './exchange.ts'
import { imageIdentity } from './image-identity.ts'
import { type KnnEvent, type MetricsEvent, MetricsLog, type StepEvent } from './metrics-log.ts'
import { knnImages, onlineKnn } from './online-knn.ts'
import { openConfiguredDataset } from './open-configured-dataset.ts'
import { enterRunFolder } from './run-folder.ts'
import { trainSteps } from './train-steps.ts'
import { trainingImages } from './training-images.ts'

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
  /**
   * The processes that train together, each on a part of every batch, as one process would on the whole: default this one
   * alone. Only rank 0 needs the run's folder and receives events; the others need the dataset.
   */
  communicator?: Communicator
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
  const { out, resume = false, warn = console.warn } = options
  const { communicator = singleProcess, engine = getBackend() } = options
  let opened: Dataset | undefined
  try {
    const { config, dataset, images } = await agree(communicator, async () => {
      const config = resolveConfig(settings)
      checkBatch(config, communicator)
      buildLoss(config)
      opened = options.dataset === undefined ? await openConfiguredDataset(config) : undefined
      const whole = options.dataset ?? opened!
      return { config, engine, dataset: trainingImages(whole, config), images: imageIdentity(whole) }
    })
    await onFirstRank(communicator, () => enterRunFolder(out, config, { images, resume }))
    return await train(config, dataset, { ...options, communicator, engine, warn })
  } finally {
    await opened?.close()
  }
}

/** @throws SimclrError unless every process gets as many images of a batch. */
function checkBatch({ batchSize }: Config, { size }: Communicator): void {
  if (batchSize % size === 0) return
  throw new SimclrError({
    parameter: 'config: batchSize',
    expected: `a multiple of the ${size} processes, which share every batch`,
    received: String(batchSize),
    remedy: `Use --batch-size ${Math.ceil(batchSize / size) * size}, or another number of ranks.`,
  })
}

/** What {@link pretrain} has filled in. */
type TrainOptions = PretrainOptions & Required<Pick<PretrainOptions, 'communicator' | 'engine' | 'warn'>>

async function train(
  config: Config,
  dataset: Dataset,
  { out, signal, onEvent, warn, viewsOn, engine, communicator }: TrainOptions,
): Promise<RunResult> {
  const stepsPerEpoch = Math.floor(dataset.length / config.batchSize)
  const totalSteps = stepsPerEpoch * config.epochs
  const schedule = buildSchedule(config, stepsPerEpoch)
  const network = buildNetwork(config, communicator)
  const optimizer = buildOptimizer(config, schedule)
  const { featureWidth: inputWidth } = network.encoder
  const probe = buildProbe(config, { inputWidth, classes: dataset.classes.length, totalSteps })
  let log: MetricsLog | undefined
  let maker: ViewMaker | undefined
  try {
    const found = await findSharedCheckpoint(communicator, out, warn)
    if (found !== undefined) {
      restoreCheckpoint(found, network, optimizer, probe)
      if (found.state.engine !== engine) {
        warn(
          `Resuming on ${engine} what ${found.state.engine} began: results will differ in the last digits.`,
        )
      }
    }
    const isFirst = communicator.rank === 0
    if (isFirst) log = await MetricsLog.open(out, optimizer.step)
    const knn: KnnEvent[] = []
    const record = (event: MetricsEvent): void => {
      log?.write(event)
      if (event.event === 'knn') knn.push(event)
      if (isFirst) onEvent?.(event, { totalSteps, epochs: config.epochs })
    }
    const evaluated = knnImages(dataset, config, warn)
    const evaluate = async (): Promise<void> => {
      if (evaluated === undefined) return
      const accuracies = await onlineKnn(network.encoder, evaluated, config, { probe, communicator })
      record({ event: 'knn', step: optimizer.step, epoch: optimizer.step / stepsPerEpoch, ...accuracies })
    }
    const save = async (): Promise<string> => {
      await checkReplicas(communicator, network, optimizer.step)
      const options = { config, engine, keep: config.keepCheckpoints, probe }
      return onFirstRank(communicator, () => writeCheckpoint(out, network, optimizer, options))
    }

    let checkpoint = found?.path
    if (checkpoint === undefined) {
      await evaluate()
      checkpoint = await save()
    }
    maker = await viewMaker(dataset, config, viewsOn)
    let lastStep: StepEvent | undefined
    const began = performance.now()
    const knnSteps = Math.round(config.knnEvery * stepsPerEpoch)
    let isAsked = false
    const afterUpdate = (): void => {
      isAsked = anyRank(communicator, signal?.aborted === true)
    }
    const isStopped = (step: number): boolean => isAsked && step < totalSteps
    const isEvaluated = (step: number): boolean =>
      knnSteps > 0 && (step % knnSteps === 0 || step === totalSteps)
    const isSaved = (step: number): boolean => step % config.checkpointEvery === 0 || step === totalSteps
    const isPause = (step: number): boolean => isStopped(step) || isEvaluated(step) || isSaved(step)
    const loss = buildLoss(config, communicator)
    const parts = { config, dataset, maker, network, optimizer, probe, loss, schedule }
    const training = { ...parts, began, isPause, communicator, afterUpdate }
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
