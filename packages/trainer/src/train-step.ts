/** One update of SimCLR (paper, algorithm 1): encode both views at once, NT-Xent, gradients, optimizer. */
import { type Module, SimclrError, valueAndGradients } from '@simclr/core'
import {
  type CachedGradients,
  type CachedGradientsOptions,
  cachedGradients,
  contrastiveMetrics,
  ntXent,
} from '@simclr/losses'
import type { Optimizer } from '@simclr/optimizers'
import { clone, keep, stack, type Tensor2D, type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import type { ContrastiveLoss } from './build-loss.ts'

export interface TrainStepOptions {
  /** Of the loss and the contrastive metrics, above 0. */
  readonly temperature: number
  /** Whether projections are scaled to length 1 there; default true. */
  readonly normalize?: boolean
  /** Of projections `[2N, D]`; default NT-Xent with these settings. */
  readonly loss?: ContrastiveLoss
  /** Images of which both views are encoded at once, by `cachedGradients`; default all. */
  readonly chunkImages?: number | undefined
}

/** What an update saw, before it changed the weights. */
export type StepMetrics = {
  /** Of the step's loss function, the mean over the 2N views. */
  readonly loss: number
  /** Share of first views that find their second view among the batch, 0–1. */
  readonly contrastiveAccuracy: number
  /** Mean entropy of that choice, in nats. */
  readonly contrastiveEntropy: number
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
  network: Module<Tensor4D, Tensor2D>,
  optimizer: Optimizer,
  views: Tensor4D,
  {
    temperature,
    normalize = true,
    loss = (hidden) => ntXent(hidden, { temperature, normalize }),
    chunkImages,
  }: TrainStepOptions,
): { metrics: () => Promise<StepMetrics> } {
  const measured = tidy(() => {
    const parameters = network.parameters().filter(({ trainable }) => trainable)
    const variables = parameters.map(({ value }) => value)
    const { value, gradients, hidden } =
      chunkImages === undefined || 2 * chunkImages >= views.shape[0]
        ? gradientsAtOnce({ network, views, loss, variables })
        : cachedGradients({ network, views, loss, variables, chunkImages })
    const { accuracy, entropy } = contrastiveMetrics(hidden, { temperature, normalize })
    optimizer.update(parameters, gradients)
    return stack([value, accuracy, entropy])
  })
  const read = measured.data<'float32'>().finally(() => measured.dispose())
  return { metrics: async () => checkedMetrics(await read) }
}

/** As `cachedGradients`, with the activations of all views held. */
function gradientsAtOnce({
  network,
  views,
  loss,
  variables,
}: Omit<CachedGradientsOptions<Tensor4D>, 'chunkImages'>): CachedGradients {
  return tidy(() => {
    let hidden: Tensor2D | undefined
    try {
      const result = valueAndGradients(() => {
        hidden = keep(network.apply(views, { training: true }))
        return loss(hidden)
      }, variables)
      return { ...result, hidden: clone(hidden!) }
    } finally {
      hidden?.dispose()
    }
  })
}

function checkedMetrics(values: Float32Array): StepMetrics {
  const [loss, contrastiveAccuracy, contrastiveEntropy] = values as unknown as [number, number, number]
  if (Number.isFinite(loss)) return { loss, contrastiveAccuracy, contrastiveEntropy }
  throw new SimclrError({
    parameter: 'trainStep: loss',
    expected: 'finite',
    received: String(loss),
    remedy: 'Lower the learning rate or raise the temperature, and check the images for NaN.',
  })
}
