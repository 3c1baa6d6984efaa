/** Three training steps of a small SimCLR network, written so that they run in Node and in a browser. */
import { RandomKey, valueAndGradients } from '@simclr/core'
import { ntXent } from '@simclr/losses'
import { ProjectionHead, ResNet, SimclrNetwork } from '@simclr/models'
import { type Optimizer, sgd } from '@simclr/optimizers'
import { dispose, fill, memory, type Scalar, type Tensor4D, tensor4d, tidy } from '@tensorflow/tfjs-core'

/** Small, as ReLU and batch statistics let rounding errors grow from step to step with the size of the updates. */
const LEARNING_RATE = 0.005
const VIEWS = [8, 16, 16, 3] as const

export interface ThreeSteps {
  /** NT-Xent before each update. */
  readonly losses: readonly number[]
  /** What the updates added to each parameter and moving statistic. */
  readonly changes: Readonly<Record<string, readonly number[]>>
  /** Tensors that live after everything was disposed, less those that lived before. */
  readonly leaked: number
}

/**
 * Trains a narrow ResNet-18 and its projection head on eight views of 16 pixels with the current TensorFlow.js
 * backend. Reads tensors asynchronously, as WebGPU demands. Equal on all backends but for rounding.
 */
export async function threeSteps(): Promise<ThreeSteps> {
  const liveBefore = memory().numTensors
  const network = smallNetwork()
  const optimizer = sgd({ learningRate: LEARNING_RATE, momentum: 0.9, weightDecay: 1e-4 })
  const views = randomViews()

  const start = await read(network)
  const losses: number[] = []
  for (let step = 0; step < 3; step++) losses.push(await update(network, optimizer, views))
  const end = await read(network)

  for (const item of [network, optimizer, views]) item.dispose()
  const changes = Object.fromEntries(
    [...end].map(([name, values]) => [name, values.map((value, i) => value - start.get(name)![i]!)]),
  )
  return { losses, changes, leaked: memory().numTensors - liveBefore }
}

/** All scales start at 0.5: where they start at 0, the kernels before them would hardly change in three steps. */
function smallNetwork(): SimclrNetwork {
  const encoder = new ResNet({ depth: 18, width: 0.0625, stem: 'cifar', seed: 1 })
  const projection = new ProjectionHead({ inputWidth: encoder.featureWidth, outputWidth: 16, seed: 2 })
  const network = new SimclrNetwork({ encoder, projection })
  tidy(() => {
    for (const { role, value } of network.parameters()) {
      if (role === 'scale') value.assign(fill(value.shape, 0.5))
    }
  })
  return network
}

/** The second half shows the images of the first half with other noise. */
function randomViews(): Tensor4D {
  const key = RandomKey.fromSeed(3)
  const size = VIEWS.reduce((product, length) => product * length, 1)
  const values = Float32Array.from(
    { length: size },
    (_, i) => 0.8 * key.fold('image').uniform(i % (size / 2)) + 0.2 * key.fold('noise').uniform(i),
  )
  return tensor4d(values, [...VIEWS])
}

/** @returns the loss before the update. */
async function update(network: SimclrNetwork, optimizer: Optimizer, views: Tensor4D): Promise<number> {
  const parameters = network.parameters()
  const { value: loss, gradients } = valueAndGradients(
    () => ntXent(network.apply(views, { training: true }), { temperature: 0.5 }) as Scalar,
    parameters.map(({ value }) => value),
  )
  optimizer.update(parameters, gradients)
  const [value] = await loss.data()
  dispose([loss, ...gradients])
  return value!
}

async function read(network: SimclrNetwork): Promise<Map<string, number[]>> {
  const values = new Map<string, number[]>()
  for (const { name, value } of [...network.parameters(), ...network.state()]) {
    values.set(name, [...(await value.data())])
  }
  return values
}
