import { synthetic } from '@simclr/data'
import { LinearHead, MlpHead, moduleWeights, ProjectionHead, ResNet } from '@simclr/models'
import { argMax, memory, tensor2d, tidy } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { extractFeatures } from './extract-features.ts'
import { fineTune } from './fine-tune.ts'

describe('fineTune', () => {
  const dataset = synthetic({ count: 120, testCount: 40, size: 16 })
  const few = { train: dataset, test: dataset.split('test'), batchSize: 40, learningRate: 0.05, epochs: 4 }

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
})
