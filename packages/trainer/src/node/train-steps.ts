/** The updates of a run, one after the other. */
import { setImmediate } from 'node:timers/promises'
import { type Communicator, RandomKey } from '@simclr/core'
import type { Dataset } from '@simclr/data'
import type { SimclrNetwork } from '@simclr/models'
import type { Optimizer } from '@simclr/optimizers'
import type { ContrastiveLoss } from '../build-loss.ts'
import type { Config } from '../config.ts'
import { explainOutOfMemory } from '../explain-out-of-memory.ts'
import type { OnlineProbe } from '../online-probe.ts'
import { type StepMetrics, trainStep } from '../train-step.ts'
import type { ViewMaker } from '../view-maker.ts'
import type { StepEvent } from './metrics-log.ts'
import { withWaiting } from './with-waiting.ts'

/** What the updates work with. */
export interface Training {
  config: Config
  dataset: Dataset
  maker: ViewMaker
  network: SimclrNetwork
  optimizer: Optimizer
  probe: OnlineProbe | undefined
  loss: ContrastiveLoss
  schedule: (step: number) => number
  began: number
  communicator: Communicator
  /** Called after every update has been started. */
  afterUpdate: () => void
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
export async function* trainSteps(training: Training): AsyncGenerator<StepEvent> {
  const { config, dataset, maker, network, optimizer, loss, schedule, began, isPause } = training
  const { probe: classifier, communicator, afterUpdate } = training
  const { batchSize, epochs, temperature, normalize, chunkImages, gradientPrecision } = config
  const stepsPerEpoch = Math.floor(dataset.length / batchSize)
  const root = RandomKey.fromSeed(config.seed)
  const running: RunningStep[] = []
  for (let epoch = Math.floor(optimizer.step / stepsPerEpoch); epoch < epochs; epoch++) {
    const done = optimizer.step % stepsPerEpoch
    const order = root.fold('order').fold(epoch).permutation(dataset.length)
    const viewKey = root.fold('views').fold(epoch)
    const keyOf = (image: number, view: number): RandomKey => viewKey.fold(image).fold(view)
    const rest = dataset.subset(order.subarray(done * batchSize))
    const { rank, size } = communicator
    const shard = { rank, size }
    const batches = rest.batches({ batchSize, dropRemainder: true, shard, ...maker.reading(keyOf) })
    let before = performance.now()
    for await (const { item: batch, waitSeconds } of withWaiting(batches)) {
      const learningRate = schedule(optimizer.step)
      const probe = classifier && { classifier, labels: batch.labels! }
      const views = maker.views(batch, keyOf)
      const options = { temperature, normalize, loss, chunkImages, probe, communicator, gradientPrecision }
      const update = () => trainStep(network, optimizer, views, options)
      const { metrics } = explainOutOfMemory(config, network, update, size)
      views.dispose()
      running.push({ step: optimizer.step, learningRate, waitSeconds, metrics })
      await setImmediate() // lets the process see signals
      afterUpdate()
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
