import { RandomKey } from '@simclr/core'
import { moduleWeights } from '@simclr/models'
import {
  dispose,
  gather,
  memory,
  type Tensor2D,
  type Tensor4D,
  tensor2d,
  tensor4d,
} from '@tensorflow/tfjs-core'
import { afterEach, describe, expect, it } from 'vitest'
import { buildNetwork, buildOptimizer } from './build-run.ts'
import { resolveConfig } from './config.ts'
import { observeFeatures } from './observe-features.ts'
import { OnlineProbe } from './online-probe.ts'
import { findPreset } from './presets.ts'
import { trainStep } from './train-step.ts'

const config = resolveConfig(findPreset('tiny'), { width: 0.125, batchSize: 6 })
const labels = Int32Array.of(0, 1, 2, 0, 1, 2)
const key = RandomKey.fromSeed(5)

const disposables: { dispose(): void }[] = []
const owned = <T extends { dispose(): void }>(item: T): T => {
  disposables.push(item)
  return item
}
afterEach(() => {
  for (const item of disposables.splice(0)) item.dispose()
})

const views = (): Tensor4D =>
  owned(
    tensor4d(
      Float32Array.from({ length: 12 * 768 }, (_, i) => key.uniform(i)),
      [12, 16, 16, 3],
    ),
  )
const newProbe = (inputWidth: number, learningRate = 0.1): OnlineProbe =>
  owned(new OnlineProbe({ inputWidth, classes: 3, learningRate, seed: 1 }))
/** Kernel `[inputWidth, 3]` and bias `[3]`. */
const weightsOf = (probe: OnlineProbe): [Float32Array, Float32Array] => {
  const state = probe.state()
  const [kernel, bias] = ['dense.kernel', 'dense.bias'].map((name) =>
    state
      .find((saved) => saved.name === name)!
      .value.dataSync<'float32'>()
      .slice(),
  )
  dispose(state.map(({ value }) => value))
  return [kernel!, bias!]
}

describe('OnlineProbe', () => {
  it('makes the first Nesterov update of softmax regression, and reports what it saw before', () => {
    const probe = newProbe(2)
    const [kernel, bias] = weightsOf(probe)
    const rows = [[1, 2], [-1, 0.5], [0.3, -2]] as const // biome-ignore format: three points
    const classes = Int32Array.of(2, 0, 1)
    const gradient = { kernel: new Array<number>(6).fill(0), bias: [0, 0, 0] }
    let loss = 0
    let correct = 0
    rows.forEach((row, i) => {
      const logits = [0, 1, 2].map((k) => bias[k]! + row[0] * kernel[k]! + row[1] * kernel[3 + k]!)
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0)
      loss += (Math.log(total) - logits[classes[i]!]!) / 3
      if (logits.indexOf(Math.max(...logits)) === classes[i]) correct++
      logits.forEach((logit, k) => {
        const difference = (Math.exp(logit) / total - (k === classes[i] ? 1 : 0)) / 3
        gradient.bias[k]! += difference
        row.forEach((x, j) => {
          gradient.kernel[3 * j + k]! += x * difference
        })
      })
    })
    const measured = owned(probe.train(owned(tensor2d(rows.flat(), [3, 2])), classes))
    expect(measured).toBeAllClose([loss, correct / 3], { absolute: 1e-5 })
    const after = weightsOf(probe)
    const moved = (before: Float32Array, gradients: number[]): number[] =>
      gradients.map((value, i) => before[i]! - 0.1 * 1.9 * value)
    expect(owned(tensor2d(after[0], [2, 3]))).toBeAllClose(moved(kernel, gradient.kernel), { absolute: 1e-5 })
    expect(owned(tensor2d(after[1], [1, 3]))).toBeAllClose(moved(bias, gradient.bias), { absolute: 1e-5 })
  })

  it('learns separable features, and tells so of others', async () => {
    const probe = newProbe(3, 0.5)
    const draw = (seed: number): Float32Array =>
      Float32Array.from({ length: 90 }, (_, i) => {
        const [row, column] = [Math.floor(i / 3), i % 3]
        return (row % 3 === column ? 1 : 0) + 0.3 * key.fold(seed).uniform(i)
      })
    const classes = Int32Array.from({ length: 30 }, (_, row) => row % 3)
    const features = owned(tensor2d(draw(1), [30, 3]))
    for (let i = 0; i < 100; i++) probe.train(features, classes).dispose()
    expect(await probe.test({ features: draw(2), width: 3, labels: classes })).toBe(1)
    expect(await probe.test({ features: draw(2), width: 3, labels: classes.map((k) => (k + 1) % 3) })).toBe(0)
  })

  it('goes on from a snapshot bit for bit, and leaks nothing', () => {
    const features = owned(tensor2d([1, 2, -1, 0.5, 0.3, -2], [3, 2]))
    const update = (probe: OnlineProbe): void => probe.train(features, Int32Array.of(2, 0, 1)).dispose()
    const probe = newProbe(2)
    update(probe)
    const before = memory().numTensors
    const state = probe.state()
    const resumed = new OnlineProbe({ inputWidth: 2, classes: 3, learningRate: 0.1, seed: 9 })
    resumed.load(state)
    dispose(state.map(({ value }) => value))
    update(probe)
    update(resumed)
    expect(weightsOf(resumed)).toEqual(weightsOf(probe))
    resumed.dispose()
    expect(memory().numTensors).toBe(before)
  })

  it('refuses the snapshot of another probe, features of another width, and labels of other classes', () => {
    const probe = newProbe(2)
    const state = newProbe(4).state()
    expect(() => probe.load(state)).toThrow(
      /OnlineProbe.load: dense.kernel: must be .*\[2, 3\], got .*\[4, 3\]/,
    )
    dispose(state.map(({ value }) => value))
    expect(() => probe.load([])).toThrow(/OnlineProbe.load: dense.kernel/)
    const features = owned(tensor2d([1, 2, 3], [1, 3]))
    expect(() => probe.train(features, Int32Array.of(0))).toThrow(/LinearHead: features/)
    const fitting = owned(tensor2d([1, 2], [1, 2]))
    expect(() => probe.train(fitting, Int32Array.of(3))).toThrow(/the label 3/)
  })
})

describe('observeFeatures', () => {
  it.each([1, 2, 3])('puts %i chunks in the order of the views', (count) => {
    const network = owned(buildNetwork(config))
    const images = views()
    const inference = { training: false }
    const expected = owned(network.encoder.apply(images, inference))
    const size = 6 / count
    const observed = observeFeatures(network, 12, (observed) => {
      for (let pass = 0; pass < 2; pass++) {
        for (let start = 0; start < 6; start += size) {
          const rows = [0, 6].flatMap((view) => Array.from({ length: size }, (_, i) => view + start + i))
          const chunk = gather(images, rows)
          observed.apply(chunk, inference).dispose()
          chunk.dispose()
        }
      }
    })
    expect(owned(observed.features)).toBeAllClose(expected.dataSync(), { absolute: 1e-5 })
  })
})

describe('trainStep with a probe', () => {
  it.each([
    ['at once', {}],
    ['in chunks', { chunkImages: 2 }],
    ['without a projection head', { projectionType: 'none' }],
    ['with gradient checkpointing', { gradientCheckpointing: true }],
  ] as const)('%s: the network learns the same bits, and the probe its labels', async (_, settings) => {
    const images = views()
    const trained = async (probed: boolean) => {
      const whole = { ...config, ...settings }
      const network = owned(buildNetwork(whole))
      const optimizer = owned(buildOptimizer(whole, () => 0.02))
      const classifier = newProbe(network.encoder.featureWidth, 0.2)
      const probe = probed ? { classifier, labels } : undefined
      const accuracies: (number | undefined)[] = []
      for (let i = 0; i < 12; i++) {
        const { metrics } = trainStep(network, optimizer, images, {
          temperature: 0.2,
          chunkImages: whole.chunkImages,
          probe,
        })
        accuracies.push((await metrics()).probeAccuracy)
      }
      return { weights: await moduleWeights(network), accuracies }
    }
    const [without, probed] = [await trained(false), await trained(true)]
    expect(probed.weights).toEqual(without.weights)
    expect(without.accuracies.every((accuracy) => accuracy === undefined)).toBe(true)
    expect(probed.accuracies.at(-1)).toBeGreaterThan(Math.max(0.6, probed.accuracies[0]!))
  })

  it('leaks nothing', () => {
    const network = owned(buildNetwork(config))
    const optimizer = owned(buildOptimizer(config, () => 0.02))
    const classifier = newProbe(network.encoder.featureWidth)
    const images = views()
    const step = (): Promise<unknown> =>
      trainStep(network, optimizer, images, { temperature: 0.2, probe: { classifier, labels } }).metrics()
    return step().then(async () => {
      const before = memory().numTensors
      await step()
      expect(memory().numTensors).toBe(before)
    })
  })

  it('takes the features of the update itself', async () => {
    const network = owned(buildNetwork(config))
    const images = views()
    const classifier = newProbe(network.encoder.featureWidth)
    const reference = newProbe(network.encoder.featureWidth)
    const features = owned(network.encoder.apply(images, { training: true }) as Tensor2D)
    const [loss, accuracy] = owned(reference.train(features, Int32Array.of(...labels, ...labels))).dataSync()
    const optimizer = owned(buildOptimizer(config, () => 0.02))
    const metrics = await trainStep(network, optimizer, images, {
      temperature: 0.2,
      probe: { classifier, labels },
    }).metrics()
    expect(metrics).toMatchObject({ probeLoss: loss, probeAccuracy: accuracy })
  })
})
