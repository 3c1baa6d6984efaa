import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { RandomKey } from '@simclr/core'
import { ntXent } from '@simclr/losses'
import {
  concat,
  fill,
  memory,
  slice,
  type Tensor2D,
  type Tensor4D,
  tensor4d,
  tidy,
  variableGrads,
} from '@tensorflow/tfjs-core'
import { afterEach, describe, expect, it } from 'vitest'
import { buildNetwork, buildOptimizer } from './build-run.ts'
import { resolveConfig } from './config.ts'
import { findPreset } from './presets.ts'
import { trainStep } from './train-step.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const config = resolveConfig(findPreset('tiny'), { width: 0.125, batchSize: 8, weightDecay: 0 })
const temperature = 0.2

/** Two noisy copies of the same random images. */
function pairs(count: number, seed: number): Tensor4D {
  const key = RandomKey.fromSeed(seed)
  const pixels = 16 * 16 * 3
  const values = Float32Array.from({ length: 2 * count * pixels }, (_, i) => {
    const content = key.fold('content').uniform(i % (count * pixels))
    return 0.9 * content + 0.1 * key.fold('noise').uniform(i)
  })
  return tensor4d(values, [2 * count, 16, 16, 3])
}

const disposables: { dispose(): void }[] = []
afterEach(() => {
  for (const item of disposables.splice(0)) item.dispose()
})

function setUp(rate: number) {
  const network = buildNetwork(config)
  const optimizer = buildOptimizer(config, () => rate)
  const views = pairs(8, 1)
  disposables.push(network, optimizer, views)
  return { network, optimizer, views }
}

describe('trainStep', () => {
  it('returns the loss of the weights before the update', async () => {
    const { network, optimizer, views } = setUp(0)
    const hidden = network.apply(views, { training: true })
    const loss = ntXent(hidden, { temperature }).dataSync()[0]!
    const metrics = await trainStep(network, optimizer, views, { temperature }).metrics()
    expect(metrics.loss).toBeCloseTo(loss, 4)
  })

  it('moves every parameter against its gradient: plain SGD without momentum', () => {
    const { network, views } = setUp(0)
    const plain = buildOptimizer({ ...config, momentum: 0 }, () => 0.1)
    disposables.push(plain)
    const parameters = network.parameters()
    const before = parameters.map(({ value }) => value.dataSync().slice())
    const { grads } = variableGrads(
      () => ntXent(network.apply(views, { training: true }) as Tensor2D, { temperature }),
      parameters.map(({ value }) => value),
    )
    trainStep(network, plain, views, { temperature })
    parameters.forEach(({ value }, i) => {
      const gradient = grads[value.name]!.dataSync()
      expect(value).toBeAllClose(
        before[i]!.map((x, j) => x - 0.1 * gradient[j]!),
        { absolute: 1e-6, relative: 1e-5 },
      )
    })
  })

  it('in chunks: each normalised by itself, as a batch of its own would be, and moving statistics once', () => {
    const { network, views } = setUp(0)
    const plain = buildOptimizer({ ...config, momentum: 0 }, () => 0)
    disposables.push(plain)
    const initial = network.state().map(({ value }) => value.clone())
    trainStep(network, plain, views, { temperature, chunkImages: 4 })
    const chunked = network.state().map(({ value }) => value.dataSync().slice())
    network.state().forEach(({ value }, i) => {
      value.assign(initial[i]!)
    })
    for (const start of [0, 4]) {
      tidy(() => {
        const of = (row: number) => slice(views, [row, 0, 0, 0], [4, -1, -1, -1])
        network.apply(concat([of(start), of(8 + start)]) as Tensor4D, { training: true })
      })
    }
    network.state().forEach(({ value }, i) => {
      expect(value).toBeAllClose(chunked[i]!, { absolute: 1e-6 })
    })
    for (const tensor of initial) tensor.dispose()
  })

  it('learns to tell eight images apart, in chunks too', async () => {
    const { network, optimizer, views } = setUp(0.05)
    const step = () => trainStep(network, optimizer, views, { temperature, chunkImages: 4 }).metrics()
    const { loss } = await step()
    for (let i = 0; i < 30; i++) await step()
    expect((await step()).loss).toBeLessThan(loss / 2)
  })

  it('learns to tell eight images apart', async () => {
    const { network, optimizer, views } = setUp(0.05)
    const step = () => trainStep(network, optimizer, views, { temperature }).metrics()
    const first = await step()
    let last = first
    for (let i = 0; i < 30; i++) last = await step()
    expect(last.loss).toBeLessThan(first.loss / 2)
    expect(last.contrastiveAccuracy).toBe(1)
    expect(last.contrastiveEntropy).toBeLessThan(first.contrastiveEntropy)
  })

  it('keeps live tensors and resident memory flat over 300 steps', async () => {
    const { network, optimizer, views } = setUp(0.01)
    const step = () => trainStep(network, optimizer, views, { temperature }).metrics()
    const measure = () => {
      collectGarbage()
      return { tensors: memory().numTensors, resident: process.memoryUsage.rss() / 2 ** 20 }
    }
    for (let i = 0; i < 150; i++) await step() // the allocator finds its size
    const before = measure()
    for (let i = 0; i < 300; i++) await step()
    const after = measure()
    expect(after.tensors).toBe(before.tensors)
    // The allocator grows in blocks of 64 MiB. One leaked pass of activations a step would add 700 MiB.
    expect(after.resident - before.resident).toBeLessThan(128)
  })

  it('reports a loss that is not finite', async () => {
    const { network, optimizer, views } = setUp(0.1)
    const last = network.projection.parameters().at(-1)!.value
    tidy(() => last.assign(fill(last.shape, Number.NaN)))
    const { metrics } = trainStep(network, optimizer, views, { temperature })
    await expect(metrics()).rejects.toThrow(/loss: must be finite, got NaN.*learning rate/)
  })
})
