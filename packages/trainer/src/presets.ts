/** Named settings; each lists only what differs from the defaults, with the source of its numbers. */
import { nearestWord, SimclrError } from '@simclr/core'
import type { PartialConfig } from './config.ts'

/** The paper's CIFAR-10 setting (appendix B.9): small stem, half colour strength, no blur, τ 0.5. */
const cifar10: PartialConfig = {
  imageSize: 32,
  stem: 'cifar',
  batchSize: 1024,
  epochs: 1000,
  learningRate: 1,
  learningRateScaling: 'linear',
  temperature: 0.5,
  strength: 0.5,
  blur: false,
  knnEvery: 10,
}

/** CIFAR-10 within an hour on two CPU cores: a narrow ResNet-18, small batches, plain SGD. Ours, not the paper's. */
const cifar10Cpu: PartialConfig = {
  ...cifar10,
  depth: 18,
  width: 0.25,
  batchSize: 128,
  epochs: 8,
  optimizer: 'sgd',
  learningRate: 0.12,
  learningRateScaling: 'linear',
  warmupEpochs: 0.5,
  weightDecay: 5e-4,
  temperature: 0.2,
  knnEvery: 1,
}

/** The demonstration of `npm start`: about two minutes on two CPU cores. Ours, not the paper's. */
const tiny: PartialConfig = {
  ...cifar10Cpu,
  data: 'synthetic',
  epochs: 4,
}

/** All presets by name. */
export const presets = {
  /** The paper's default: ResNet-50 on ImageNet at 224 px, batch 4096, 100 epochs (section 2.2). */
  imagenet: {},
  cifar10,
  'cifar10-cpu': cifar10Cpu,
  tiny,
} as const satisfies Record<string, PartialConfig>

export type PresetName = keyof typeof presets

/** @throws SimclrError for an unknown name, naming the nearest one. */
export function findPreset(name: string): PartialConfig {
  if (Object.hasOwn(presets, name)) return presets[name as PresetName]
  const names = Object.keys(presets)
  const near = nearestWord(name, names)
  throw new SimclrError({
    parameter: 'preset',
    expected: `one of ${names.join(', ')}`,
    received: `"${name}"`,
    ...(near === undefined ? {} : { remedy: `Did you mean "${near}"?` }),
  })
}
