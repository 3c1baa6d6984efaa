import { synthetic } from '@simclr/data'
import { moduleWeights, ResNet } from '@simclr/models'
import { memory } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
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
