/**
 * Five steps of a small network over all ranks: rank 0 prints what it saw, as JSON. Run by mpirun in tests, and alone for
 * the values of one process. Usage: five-steps.ts [LOSS [CHUNK_IMAGES [PRECISION]]]
 */
import { RandomKey } from '@simclr/core'
import { joinProcessGroup } from '@simclr/distributed'
import { useEngine } from '@simclr/engine'
import type { Optimizer } from '@simclr/optimizers'
import {
  buildLoss,
  buildNetwork,
  buildOptimizer,
  findPreset,
  OnlineProbe,
  resolveConfig,
  trainStep,
} from '@simclr/trainer'
import * as tf from '@tensorflow/tfjs-core'

const BATCH = 16
const SIDE = 16
const [loss = 'nt-xent', chunkImages = '0', gradientPrecision = 'float32'] = process.argv.slice(2)
const group = await joinProcessGroup({ hangTimeout: 0 })
const { rank, size } = group
await useEngine('auto', { threads: 1, log: () => {} })
const communicator = group.overMpi()
const config = resolveConfig(findPreset('tiny'), {
  ...{ width: 0.25, batchSize: BATCH, imageSize: SIDE, weightDecay: 1e-4, optimizer: 'lars' },
  loss: loss as 'nt-xent',
})

/** Both views of this rank's images of a step: two noisy copies of random images. */
function views(step: number): tf.Tensor4D {
  const count = BATCH / size
  const pixels = SIDE * SIDE * 3
  const key = RandomKey.fromSeed(step)
  const values = new Float32Array(2 * count * pixels)
  for (let view = 0; view < 2; view++) {
    for (let image = 0; image < count; image++) {
      const [content, noise] = [key.fold(rank * count + image), key.fold(rank * count + image).fold(view)]
      for (let i = 0; i < pixels; i++) {
        values[(view * count + image) * pixels + i] = 0.8 * content.uniform(i) + 0.2 * noise.uniform(i)
      }
    }
  }
  return tf.tensor4d(values, [2 * count, SIDE, SIDE, 3])
}

const network = buildNetwork(config, communicator)
const real = buildOptimizer(config, () => 0.01)
const probe = new OnlineProbe({ inputWidth: network.encoder.featureWidth, classes: 4, learningRate: 0.1 })
let gradients: Record<string, number[]> = {}
/** Notes the gradients of the first step. */
const optimizer: Optimizer = {
  ...real,
  update(parameters, of) {
    if (Object.keys(gradients).length === 0) {
      gradients = Object.fromEntries(parameters.map(({ name }, i) => [name, Array.from(of[i]!.dataSync())]))
    }
    real.update(parameters, of)
  },
}
let before = 0
const steps = []
for (let step = 0; step < 5; step++) {
  const batch = views(step)
  const labels = Int32Array.from({ length: BATCH / size }, (_, i) => (rank * (BATCH / size) + i) % 4)
  const { metrics } = trainStep(network, optimizer, batch, {
    ...{ temperature: config.temperature, communicator, loss: buildLoss(config, communicator) },
    chunkImages: Number(chunkImages) === 0 ? undefined : Number(chunkImages) / size,
    gradientPrecision: gradientPrecision as 'float32',
    probe: { classifier: probe, labels },
  })
  batch.dispose()
  steps.push(await metrics())
  if (step === 0) before = tf.memory().numTensors // the optimizer has its slots now
}
const leaked = tf.memory().numTensors - before
const values = (of: readonly { name: string; value: tf.Tensor }[]) =>
  Object.fromEntries(of.map(({ name, value }) => [name, Array.from(value.dataSync())]))
if (rank === 0) {
  const state = probe.state()
  const result = {
    ...{ size, leaked, steps, gradients },
    weights: { ...values(network.parameters()), ...values(state) },
    statistics: values(network.state()),
  }
  process.stdout.write(`${JSON.stringify(result)}\n`)
}
await group.close()
