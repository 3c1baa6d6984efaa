/** From a configuration to the parts of a run: network, optimizer and augmentation. */
import type { Augmentation } from '@simclr/augment'
import * as augmentations from '@simclr/augment'
import { type Communicator, singleProcess } from '@simclr/core'
import { ProjectionHead, ResNet, SimclrNetwork } from '@simclr/models'
import { batchSizeScaling, lars, type Optimizer, sgd, warmupCosine } from '@simclr/optimizers'
import type { Config } from './config.ts'
import { OnlineProbe } from './online-probe.ts'
import { type TwoViewPlan, viewPlan } from './view-plan.ts'

/**
 * The encoder and projection head of a configuration, freshly initialised from its seed. The caller disposes it.
 *
 * @param communicator The processes over which batch statistics are taken; default this one alone.
 */
export function buildNetwork(
  config: Config,
  communicator: Communicator = singleProcess,
): SimclrNetwork<ResNet, ProjectionHead> {
  const { depth, width, stem, style, selectiveKernelRatio, gradientCheckpointing, seed } = config
  const { projectionType, projectionLayers, projectionWidth } = config
  const architecture = { depth, width, stem, style, selectiveKernelRatio }
  const encoder = new ResNet({ ...architecture, gradientCheckpointing, communicator, seed })
  const projection = new ProjectionHead({
    inputWidth: encoder.featureWidth,
    type: projectionType,
    layers: projectionLayers,
    outputWidth: projectionWidth,
    communicator,
    seed,
  })
  return new SimclrNetwork({ encoder, projection })
}

/** The learning rate of every step: linear warm-up, then cosine decay to 0 at the end of the last epoch. */
export function buildSchedule(config: Config, stepsPerEpoch: number): (step: number) => number {
  const { learningRate, learningRateScaling: scaling, batchSize, epochs, warmupEpochs } = config
  const peak =
    scaling === 'none' ? learningRate : batchSizeScaling({ batchSize, scaling, base: learningRate })
  const totalSteps = epochs * stepsPerEpoch
  const warmupSteps = Math.min(Math.round(warmupEpochs * stepsPerEpoch), totalSteps - 1)
  return warmupCosine({ peak, warmupSteps, totalSteps })
}

/** The optimizer of a configuration. The caller disposes it. */
export function buildOptimizer(config: Config, schedule: (step: number) => number): Optimizer {
  const { optimizer, momentum, weightDecay } = config
  return optimizer === 'lars'
    ? lars({ learningRate: schedule, momentum, weightDecay })
    : sgd({ learningRate: schedule, momentum, nesterov: true, weightDecay })
}

/**
 * The online probe of a configuration, with the learning rate of linear evaluation: 0.1 · batchSize / 256, which decays
 * to 0 as a cosine by the last step. The caller disposes it.
 */
export function buildProbe(
  { onlineProbe, batchSize, seed }: Config,
  { inputWidth, classes, totalSteps }: { inputWidth: number; classes: number; totalSteps: number },
): OnlineProbe | undefined {
  if (!onlineProbe) return undefined
  const learningRate = warmupCosine({ peak: (0.1 * batchSize) / 256, warmupSteps: 0, totalSteps })
  return new OnlineProbe({ inputWidth, classes, learningRate, seed })
}

/** How the views come about on the engine; `crop: false` where the decoder has already cut the drawn boxes. */
export function buildViewPlan(config: Config, { crop }: { crop: boolean }): TwoViewPlan<Augmentation> {
  return viewPlan(augmentations, config, { crop })
}
