/** The same training steps on every native and portable engine of this machine. */
import { RandomKey } from '@simclr/core'
import { type EngineName, listEngines, useEngine } from '@simclr/engine'
import {
  buildLoss,
  buildNetwork,
  buildOptimizer,
  buildSchedule,
  findPreset,
  resolveConfig,
  trainStep,
} from '@simclr/trainer'
import { getBackend, tensor4d } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'

const STEPS = 10
const IMAGES = 16
const SIZE = 32
/** Against whose losses the others are held. */
const REFERENCE: EngineName = 'libtorch'
const engines = (await listEngines()).filter(({ name }) => ['libtorch', 'tensorflow', 'wasm'].includes(name))
const isAvailable = (name: EngineName): boolean =>
  engines.some((engine) => engine.name === name && engine.available)

const config = resolveConfig(findPreset('tiny'), {
  width: 0.25,
  batchSize: IMAGES,
  optimizer: 'lars',
  learningRate: 0.1,
})

/** Two noisy copies of random images, the same for every engine and step. */
const views = ((): Float32Array => {
  const key = RandomKey.fromSeed(0)
  const [content, noise] = [key.fold('content'), key.fold('noise')]
  const pixels = IMAGES * SIZE * SIZE * 3
  return Float32Array.from(
    { length: 2 * pixels },
    (_, i) => 0.8 * content.uniform(i % pixels) + 0.2 * noise.uniform(i),
  )
})()

/** The losses of the first steps on an engine. */
async function trainOn(engine: EngineName): Promise<number[]> {
  await useEngine(engine)
  expect(getBackend()).toBe(engine)
  const network = buildNetwork(config)
  const optimizer = buildOptimizer(config, buildSchedule(config, STEPS))
  const batch = tensor4d(views, [2 * IMAGES, SIZE, SIZE, 3])
  const losses: number[] = []
  for (let step = 0; step < STEPS; step++) {
    losses.push(
      (await trainStep(network, optimizer, batch, { ...config, loss: buildLoss(config) }).metrics()).loss,
    )
  }
  for (const item of [network, optimizer, batch]) item.dispose()
  return losses
}

describe('ten training steps', () => {
  let expected: number[] = []
  beforeAll(async () => {
    if (isAvailable(REFERENCE)) expected = await trainOn(REFERENCE)
  })

  it.for(engines.filter(({ name }) => name !== REFERENCE))(
    'on $name have the losses of libtorch',
    async ({ name }, { skip }) => {
      for (const needed of [REFERENCE, name]) {
        skip(!isAvailable(needed), `${needed} is not installed: simclr engine install ${needed}`)
      }
      const losses = await trainOn(name)
      expect(losses.at(-1)).toBeLessThan(0.9 * losses[0]!)
      losses.forEach((loss, step) => {
        expect(Math.abs(loss - expected[step]!), `step ${step + 1}`).toBeLessThan(step === 0 ? 1e-4 : 1e-3)
      })
    },
  )
})
