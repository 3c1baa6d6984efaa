/** The training steps that are measured: forward, backward, NT-Xent and LARS. */
import { type Communicator, RandomKey, singleProcess } from '@simclr/core'
import { buildNetwork, buildOptimizer, resolveConfig, trainStep } from '@simclr/trainer'
import { type Tensor4D, tensor4d } from '@tensorflow/tfjs-core'

export interface StepCase {
  readonly name: string
  readonly depth: 18 | 50
  readonly width: number
  readonly stem: 'cifar' | 'imagenet'
  /** Height and width of the views in pixels. */
  readonly imageSize: number
  /** Rows of a batch: two views of half as many images. */
  readonly views: number
}

/** What people train on a processor. */
export const STEP_CASES: readonly StepCase[] = [
  { name: 'ResNet-18, 32 px, 128 views', depth: 18, width: 1, stem: 'cifar', imageSize: 32, views: 128 },
  { name: 'ResNet-50, 224 px, 16 views', depth: 50, width: 1, stem: 'imagenet', imageSize: 224, views: 16 },
  {
    name: 'ResNet-18 ¼ width, 32 px, 512 views',
    depth: 18,
    width: 0.25,
    stem: 'cifar',
    imageSize: 32,
    views: 512,
  },
]

/** A step on the current engine that can be repeated, on random images. */
export interface RepeatableStep {
  /** Starts a step and returns the promise of its loss. */
  run(): Promise<number>
  /** Elements of all parameters. */
  readonly parameters: number
  /** Of each batch normalisation layer. */
  readonly batchNormChannels: readonly number[]
  dispose(): void
}

/** @param communicator The processes that make the step together, `views` each; default this one alone. */
export function createStep(
  { depth, width, stem, imageSize, views }: Omit<StepCase, 'name'>,
  communicator: Communicator = singleProcess,
): RepeatableStep {
  const config = resolveConfig({ depth, width, stem, imageSize, optimizer: 'lars' })
  const network = buildNetwork(config, communicator)
  const optimizer = buildOptimizer(config, () => 0.01)
  const images = randomImages(views, imageSize)
  return {
    async run() {
      const { metrics } = trainStep(network, optimizer, images, { temperature: 0.5, communicator })
      return (await metrics()).loss
    },
    parameters: network.parameters().reduce((sum, { value }) => sum + value.size, 0),
    batchNormChannels: network
      .state()
      .filter(({ name }) => name.endsWith('moving_mean'))
      .map(({ value }) => value.size),
    dispose() {
      network.dispose()
      optimizer.dispose()
      images.dispose()
    },
  }
}

/** Uniform values in [0, 1). */
export function randomImages(count: number, size: number): Tensor4D {
  const key = RandomKey.fromSeed(0)
  const values = Float32Array.from({ length: count * size * size * 3 }, (_, i) => key.uniform(i))
  return tensor4d(values, [count, size, size, 3])
}
