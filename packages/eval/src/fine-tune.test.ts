import { clip, defineAugmentation } from '@simclr/augment'
import type { Module } from '@simclr/core'
import { synthetic } from '@simclr/data'
import { LinearHead, MlpHead, moduleWeights, ProjectionHead, ResNet } from '@simclr/models'
import { argMax, mean, memory, type Tensor2D, type Tensor4D, tensor2d, tidy } from '@tensorflow/tfjs-core'
import { describe, expect, it, vi } from 'vitest'
import { type Encoder, extractFeatures } from './extract-features.ts'
import { type FineTuneOptions, fineTune } from './fine-tune.ts'

describe('fineTune', () => {
  const dataset = synthetic({ count: 120, testCount: 40, size: 16 })
  const settings = { train: dataset, test: dataset.split('test'), batchSize: 40, learningRate: 0.05 }
  const few = { ...settings, epochs: 4 }
  const oneStep = { ...settings, steps: 1 }

  it('trains the encoder itself, the same way for the same seed, and leaks nothing', async () => {
    const before = memory().numTensors
    const runs = []
    for (const seed of [1, 1, 2]) {
      const encoder = new ResNet({ depth: 18, width: 0.0625, stem: 'cifar', seed: 0 })
      const start = (await moduleWeights(encoder)).get('group4.block1.conv2.kernel')!.values
      const { losses, accuracy } = await fineTune({ ...few, encoder, seed })
      const end = (await moduleWeights(encoder)).get('group4.block1.conv2.kernel')!.values
      expect(end).not.toEqual(start)
      expect(losses.at(-1)).toBeLessThan(losses[0]!)
      runs.push({ losses, accuracy })
      encoder.dispose()
    }
    expect(runs[1]).toEqual(runs[0])
    expect(runs[2]!.losses).not.toEqual(runs[0]!.losses)
    expect(memory().numTensors).toBe(before)
  })

  it('starts from a layer of the projection head and leaves the layers behind it as they are', async () => {
    const encoder = new ResNet({ depth: 18, width: 0.0625, stem: 'cifar', seed: 0 })
    const projection = new ProjectionHead({ inputWidth: encoder.featureWidth, layers: 3, outputWidth: 8 })
    const head = new MlpHead({ projection, layers: 1, classes: dataset.classes.length })
    const start = await moduleWeights(projection)
    const before = memory().numTensors
    const { losses, accuracy } = await fineTune({ ...few, encoder, head })
    expect(memory().numTensors).toBe(before)
    expect(losses.at(-1)).toBeLessThan(losses[0]!)
    const end = await moduleWeights(projection)
    for (const [name, { values }] of start) {
      if (name.startsWith('layer0.')) expect(end.get(name)!.values, name).not.toEqual(values)
      else expect(end.get(name)!.values, name).toEqual(values)
    }

    // The accuracy is that of the whole head, its moving statistics included.
    const { features, labels } = await extractFeatures({ encoder, dataset: few.test })
    const classes = tidy(() => {
      const x = tensor2d(features, [few.test.length, encoder.featureWidth])
      return argMax(head.apply(x, { training: false }), 1).dataSync()
    })
    const hits = [...classes].filter((predicted, i) => predicted === labels![i]).length
    expect(accuracy).toBeCloseTo(hits / few.test.length, 6)
    head.dispose()
    encoder.dispose()
  })

  it('refuses a head for other classes, which stays usable', async () => {
    const encoder = new ResNet({ depth: 18, width: 0.0625, stem: 'cifar' })
    const head = new LinearHead({ inputWidth: encoder.featureWidth, classes: 3 })
    await expect(fineTune({ ...few, encoder, head })).rejects.toThrow(
      /fineTune: head: must be for the \d+ classes/,
    )
    expect(head.parameters()[0]!.value.isDisposed).toBe(false)
    head.dispose()
    encoder.dispose()
  })

  it('refuses an unlabelled dataset and a rate that diverges', async () => {
    const encoder = new ResNet({ depth: 18, width: 0.0625, stem: 'cifar' })
    const unlabelled = {
      ...dataset,
      labels: undefined,
      length: 120,
      classes: [],
    } as unknown as typeof dataset
    await expect(fineTune({ ...few, encoder, train: unlabelled })).rejects.toThrow(
      /fineTune: dataset: must be labelled/,
    )
    await expect(fineTune({ ...few, encoder, learningRate: 1e30 })).rejects.toThrow(
      /loss: must be finite.*Lower/,
    )
    encoder.dispose()
  })

  it('counts steps: those of whole epochs are these epochs, others end within one', async () => {
    const run = async (length: { epochs?: number; steps?: number }) => {
      const encoder = new ResNet({ depth: 18, width: 0.0625, stem: 'cifar', seed: 0 })
      const apply = vi.spyOn(encoder, 'apply')
      const onProgress = vi.fn()
      const result = await fineTune({ ...settings, ...length, encoder, onProgress })
      encoder.dispose()
      const updates = apply.mock.calls.filter(([, { training }]) => training).length
      return { result, updates, progress: onProgress.mock.calls.map(([call]) => call) }
    }
    const [whole, counted, cut] = [await run({ epochs: 2 }), await run({ steps: 6 }), await run({ steps: 4 })]
    expect(counted).toEqual(whole)
    expect(whole.updates).toBe(6)
    expect(cut.updates).toBe(4)
    expect(cut.progress).toMatchObject([
      { epoch: 1, epochs: 2 },
      { epoch: 2, epochs: 2 },
    ])
    expect(cut.result.losses).toHaveLength(2)
  })

  it('adds weightDecay · learningRate of each kernel to the velocity, and of nothing else', async () => {
    const encoderSettings = { depth: 18, width: 0.0625, stem: 'cifar', seed: 0 } as const
    const listed = 0.01 // what the grid of the protocol lists, before it is divided
    const learningRate = 0.05
    const afterOneStep = async (weightDecay: number) => {
      const encoder = new ResNet(encoderSettings)
      await fineTune({ ...oneStep, encoder, learningRate, weightDecay })
      const weights = await floatsOf(encoder)
      encoder.dispose()
      return weights
    }
    const encoder = new ResNet(encoderSettings)
    const start = await floatsOf(encoder)
    encoder.dispose()
    const [plain, decayed] = [await afterOneStep(0), await afterOneStep(listed / learningRate)]
    let kernels = 0
    for (const [name, values] of start) {
      const isKernel = name.endsWith('.kernel')
      kernels += Number(isKernel)
      values.forEach((value, i) => {
        const difference = decayed.get(name)![i]! - plain.get(name)![i]!
        // Nesterov's first step is 1 + momentum times the velocity.
        expect(Math.abs(difference - (isKernel ? -1.9 * listed * value : 0))).toBeLessThan(1e-6)
      })
    }
    expect(kernels).toBeGreaterThan(15)
  })

  it('moves the moving statistics of every layer by the momentum that is asked for', async () => {
    const encoderSettings = { depth: 50, width: 0.0625, stem: 'cifar', selectiveKernelRatio: 0.0625 } as const
    const movedBy = async (momentum?: number) => {
      const encoder = new ResNet(encoderSettings)
      const projection = new ProjectionHead({ inputWidth: encoder.featureWidth, layers: 2, outputWidth: 8 })
      const head = new MlpHead({ projection, layers: 1, classes: dataset.classes.length })
      const statistics = async () =>
        [...(await floatsOf(encoder)), ...(await floatsOf(head))]
          .filter(([name]) => /moving_(mean|variance)$/.test(name))
          .map(([name, values]) => ({ name, values }))
      const start = await statistics()
      const asked = momentum === undefined ? {} : { batchNormMomentum: momentum }
      await fineTune({ ...oneStep, encoder, head, ...asked })
      const end = await statistics()
      head.dispose()
      encoder.dispose()
      return end.map(({ name, values }, i) => ({
        name,
        moved: values.map((value, k) => value - start[i]!.values[k]!),
      }))
    }
    const [kept, tenth, half] = [await movedBy(1), await movedBy(), await movedBy(0.5)]
    for (const { name, moved } of kept) {
      if (!name.startsWith('layer1.')) expect(moved, name).toEqual(moved.map(() => 0))
    }
    const away = tenth.filter(({ moved }) => moved.some((value) => value !== 0))
    expect(away.length).toBeGreaterThan(tenth.length - 5) // the head's second layer is not used
    tenth.forEach(({ moved }, i) => {
      moved.forEach((value, k) => {
        expect(Math.abs(half[i]!.moved[k]! - 5 * value)).toBeLessThan(1e-5 + 1e-4 * Math.abs(5 * value))
      })
    })
  })

  it('passes training images, and no others, through the augmentation', async () => {
    const seen: Tensor4D['shape'][] = []
    const inspect = defineAugmentation(clip(), (images) => {
      seen.push(images.shape)
      return images
    })
    await fineTune({ ...few, encoder: meanColour, epochs: 1, size: 8, augmentation: inspect })
    expect(seen).toEqual(Array.from({ length: 3 }, () => [40, 3, 8, 8]))
  })

  it('tests at the size that it trains with', async () => {
    const shapes = new Set<string>()
    const encoder: Encoder = {
      ...meanColour,
      apply: (images, options) => {
        shapes.add(`${options.training ? 'train' : 'test'} ${images.shape}`)
        return meanColour.apply(images, options)
      },
    }
    await fineTune({ ...few, encoder, epochs: 1, size: 24 })
    expect([...shapes]).toEqual(['train 40,24,24,3', 'test 40,24,24,3'])
  })

  it('scores by the metric that is asked for', async () => {
    const part = dataset.split('test').subset(Array.from({ length: 25 }, (_, i) => i))
    const result = await fineTune({
      ...few,
      encoder: meanColour,
      test: part,
      metric: 'mean per-class accuracy',
    })
    const { predictions, labels, scores, accuracy, score } = result
    expect(scores).toHaveLength(25 * dataset.classes.length)
    expect(labels).toEqual(part.labels)
    const shares = dataset.classes.flatMap((_, c) => {
      const rows = [...labels.keys()].filter((row) => labels[row] === c)
      return rows.length === 0 ? [] : [rows.filter((row) => predictions[row] === c).length / rows.length]
    })
    expect(score).toBeCloseTo(shares.reduce((a, b) => a + b) / shares.length, 12)
    expect(accuracy).toBe([...labels].filter((label, row) => predictions[row] === label).length / 25)
  })

  it('refuses what cannot be', async () => {
    const options = { ...few, encoder: meanColour }
    const refused = async (change: Partial<FineTuneOptions>, message: string) =>
      expect(fineTune({ ...options, ...change })).rejects.toThrow(message)
    await refused({ steps: 10 }, 'fineTune: steps: must be given without epochs, got 10 steps and 4 epochs')
    await refused({ batchNormMomentum: 1.5 }, 'fineTune: batchNormMomentum: must be')
    await refused({ metric: '11-point mAP' }, 'top-1 accuracy or mean per-class accuracy for synthetic')
  })
})

async function floatsOf(module: Module): Promise<Map<string, Float32Array>> {
  const weights = await moduleWeights(module)
  return new Map([...weights].map(([name, { values }]) => [name, Float32Array.from(values as Float32Array)]))
}

/** The images' mean colour. */
const meanColour: Encoder = {
  featureWidth: 3,
  apply: (images) => tidy(() => mean<Tensor2D>(images, [1, 2])),
  parameters: () => [],
  state: () => [],
  dispose: () => {},
}
