/** One update of SimCLR (paper, algorithm 1): encode both views at once, NT-Xent, gradients, optimizer. */
import {
  type AllReduceOptions,
  type Communicator,
  SimclrError,
  singleProcess,
  valueAndGradients,
} from '@simclr/core'
import {
  type CachedGradients,
  type CachedGradientsOptions,
  cachedGradients,
  contrastiveMetricsGathered,
  ntXentGathered,
} from '@simclr/losses'
import type { SimclrNetwork } from '@simclr/models'
import type { Optimizer } from '@simclr/optimizers'
import {
  clone,
  concat,
  keep,
  mul,
  type Scalar,
  stack,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core'
import type { ContrastiveLoss } from './build-loss.ts'
import { gatherProjections } from './gather-projections.ts'
import { GradientAverage } from './gradient-average.ts'
import { observeFeatures } from './observe-features.ts'
import type { OnlineProbe } from './online-probe.ts'

export interface TrainStepOptions {
  /** Of the loss and the contrastive metrics, above 0. */
  readonly temperature: number
  /** Whether projections are scaled to length 1 there; default true. */
  readonly normalize?: boolean
  /** Of projections `[2N, D]`; default NT-Xent with these settings. */
  readonly loss?: ContrastiveLoss
  /** Images of which both views are encoded at once, by `cachedGradients`; default all. */
  readonly chunkImages?: number | undefined
  /** Learns the class of each of the N images from the features of both views; the network does not learn from it. */
  readonly probe?: { readonly classifier: OnlineProbe; readonly labels: Int32Array } | undefined
  /**
   * The processes that train together, each with as many images; default this one alone. All make the same update, that of
   * one process with all images, if the network shares its batch statistics over the same communicator.
   */
  readonly communicator?: Communicator
  /** What gradients travel in; default float32. */
  readonly gradientPrecision?: NonNullable<AllReduceOptions['precision']>
}

/** What an update saw, before it changed the weights, of the images of all processes. */
export type StepMetrics = {
  /** Of the step's loss function, the mean over the 2N views. */
  readonly loss: number
  /** Share of first views that find their second view among the batch, 0–1. */
  readonly contrastiveAccuracy: number
  /** Mean entropy of that choice, in nats. */
  readonly contrastiveEntropy: number
  /** Mean cross-entropy of the probe over the 2N views, if there is one. */
  readonly probeLoss?: number
  /** Share of the 2N views that the probe classifies correctly, 0–1. */
  readonly probeAccuracy?: number
}

/**
 * Trains a network on one batch of view pairs.
 *
 * @param network Maps views `[2N, H, W, 3]` to projections `[2N, D]`.
 * @param optimizer Keeps its state between calls; always pass the same network to it.
 * @param views `[2N, H, W, 3]` float32 in [0, 1]: all first views, then all second views. Not disposed.
 * @returns A function that waits for the metrics. On a device that works asynchronously, ask for those of one step after
 *   starting the next, and neither waits for the other. It rejects with SimclrError if the loss is not finite: the
 *   weights are then lost.
 */
export function trainStep(
  network: SimclrNetwork,
  optimizer: Optimizer,
  views: Tensor4D,
  {
    temperature,
    normalize = true,
    communicator = singleProcess,
    gradientPrecision = 'float32',
    loss = (hidden) => {
      const { all, offset } = gatherProjections(hidden, communicator)
      return ntXentGathered(hidden, all, offset, { temperature, normalize })
    },
    chunkImages,
    probe,
  }: TrainStepOptions,
): { metrics: () => Promise<StepMetrics> } {
  const measured = tidy(() => {
    const parameters = network.parameters().filter(({ trainable }) => trainable)
    const variables = parameters.map(({ value }) => value)
    const average = new GradientAverage(communicator, { precision: gradientPrecision })
    const differentiate = (network: SimclrNetwork): CachedGradients =>
      chunkImages === undefined || 2 * chunkImages >= views.shape[0]
        ? gradientsAtOnce({ network, views, loss, variables }, average)
        : averaged(cachedGradients({ network, views, loss, variables, chunkImages }), average)
    const observed = probe && observeFeatures(network, views.shape[0], differentiate)
    const { value, gradients, hidden } = observed?.result ?? differentiate(network)
    const { all, offset } = gatherProjections(hidden, communicator)
    const { accuracy, entropy } = contrastiveMetricsGathered(hidden, all, offset, { temperature, normalize })
    optimizer.update(parameters, gradients)
    const contrastive = stack([value, accuracy, entropy])
    const overAllRanks = (own: Tensor): Tensor =>
      communicator.size === 1 ? own : mul(communicator.allReduceSum(own), 1 / communicator.size)
    if (probe === undefined || observed === undefined) return overAllRanks(contrastive)
    const { classifier, labels } = probe
    const twice = Int32Array.of(...labels, ...labels)
    return overAllRanks(concat([contrastive, classifier.train(observed.features, twice, communicator)]))
  })
  const read = measured.data<'float32'>().finally(() => measured.dispose())
  return { metrics: async () => checkedMetrics(await read) }
}

/** As `cachedGradients`, with the activations of all views held; gradients set out while others are computed. */
function gradientsAtOnce(
  { network, views, loss, variables }: Omit<CachedGradientsOptions<Tensor4D>, 'chunkImages'>,
  average: GradientAverage,
): CachedGradients {
  return tidy(() => {
    let hidden: Tensor2D | undefined
    try {
      const compute = (): Scalar => {
        hidden = keep(network.apply(views, { training: true }))
        return loss(hidden)
      }
      const { value, gradients } = valueAndGradients(compute, variables, average.add)
      return { value, gradients: average.finish(gradients), hidden: clone(hidden!) }
    } finally {
      hidden?.dispose()
    }
  })
}

/** Disposes the gradients of this process. */
function averaged(own: CachedGradients, average: GradientAverage): CachedGradients {
  own.gradients.forEach(average.add)
  return { ...own, gradients: average.finish(own.gradients) }
}

function checkedMetrics(values: Float32Array): StepMetrics {
  const [loss, contrastiveAccuracy, contrastiveEntropy, probeLoss, probeAccuracy] = values as unknown as [
    ...[number, number, number],
    ...[number?, number?],
  ]
  if (Number.isFinite(loss)) {
    const probed = probeLoss === undefined || probeAccuracy === undefined ? {} : { probeLoss, probeAccuracy }
    return { loss, contrastiveAccuracy, contrastiveEntropy, ...probed }
  }
  throw new SimclrError({
    parameter: 'trainStep: loss',
    expected: 'finite',
    received: String(loss),
    remedy: 'Lower the learning rate or raise the temperature, and check the images for NaN.',
  })
}
