import { memoryDataset } from '@simclr/data'
import { mean, memory, sub, type Tensor2D, type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import { describe, expect, it, vi } from 'vitest'
import { colouredImages, colours, SIDE } from './__fixtures__/coloured-images.ts'
import { batchNormMomentum } from './batch-norm-momentum.ts'
import type { Encoder } from './extract-features.ts'
import { fineTune } from './fine-tune.ts'
import { type FineTuneRun, fineTuneSweep } from './fine-tune-sweep.ts'
import { formatSweep } from './format-sweep.ts'
import { memoryStore } from './run-store.ts'

const classes = colours
const coloured = (count: number, seed: number) => colouredImages(count, { seed, noise: 180 })
const imageSize = { height: SIDE, width: SIDE }
const trainAndValidation = memoryDataset({
  name: 'coloured',
  imageSize,
  classes,
  train: coloured(60, 1),
  test: coloured(30, 2),
})
const positions = Array.from({ length: 60 }, (_, i) => i)
const train = trainAndValidation.subset(positions.slice(0, 45))
const validation = trainAndValidation.subset(positions.slice(45))
const test = trainAndValidation.split('test')

/** Mean colour, minus the mean over channels. */
const meanColour: Encoder = {
  featureWidth: 3,
  apply: (images: Tensor4D) =>
    tidy(() => {
      const colour = mean<Tensor2D>(images, [1, 2])
      return sub(colour, mean(colour, 1, true))
    }),
  parameters: () => [],
  state: () => [],
  dispose: () => {},
}

const grid = [
  { learningRate: 1e38, weightDecay: 1 },
  { learningRate: 1e-6, weightDecay: 0 },
  { learningRate: 3, weightDecay: 0 },
  { learningRate: 3, weightDecay: 1e-9 },
]
const sweep = { identity: 'mean colour', train, validation, trainAndValidation, test, grid }
const settings = { ...sweep, steps: 7, batchSize: 15 }

describe('fineTuneSweep', () => {
  it('chooses on validation images and tests what both together have trained', async () => {
    const encoder = vi.fn(() => ({ ...meanColour, dispose: disposed }))
    const disposed = vi.fn()
    const seen: [FineTuneRun, number, boolean][] = []
    const before = memory().numTensors
    const { runs, best, result } = await fineTuneSweep({
      ...settings,
      encoder,
      onRun: (run, { done, stored }) => seen.push([run, done, stored]),
    })
    expect(memory().numTensors).toBe(before)
    expect(encoder).toHaveBeenCalledTimes(5)
    expect(disposed).toHaveBeenCalledTimes(5)
    expect(seen).toEqual(runs.map((run, i) => [run, i + 1, false]))

    const [diverged, slow, fast, same] = runs
    expect(diverged).toMatchObject({ learningRate: 1e38, score: 0, diverged: true })
    expect(fast!.score).toBeGreaterThan(slow!.score)
    expect(same!.score).toBe(fast!.score) // a tie, of which the first is chosen
    expect(best).toBe(fast)
    expect(fast!.losses).toHaveLength(3)

    const direct = await fineTune({
      encoder: meanColour,
      train: trainAndValidation,
      test,
      steps: 7,
      batchSize: 15,
      learningRate: 3,
      batchNormMomentum: batchNormMomentum(4),
    })
    expect(result).toEqual(direct)
  })

  it('goes on where it was interrupted and repeats no finished run', async () => {
    const store = memoryStore()
    let left = 2
    const failing = () => {
      if (left === 0) throw new Error('power cut')
      left -= 1
      return meanColour
    }
    await expect(fineTuneSweep({ ...settings, store, encoder: failing })).rejects.toThrow('power cut')

    const encoder = vi.fn(() => meanColour)
    const stored: boolean[] = []
    const resumed = await fineTuneSweep({
      ...settings,
      store,
      encoder,
      onRun: (_, progress) => stored.push(progress.stored),
    })
    expect(stored).toEqual([true, true, false, false])
    expect(encoder).toHaveBeenCalledTimes(3)
    expect(resumed).toEqual(await fineTuneSweep({ ...settings, encoder: () => meanColour }))

    expect(await fineTuneSweep({ ...settings, store, encoder })).toEqual(resumed)
    expect(encoder).toHaveBeenCalledTimes(3)
  })

  it.each([
    ['weights', { identity: 'other weights' }],
    ['steps', { steps: 6 }],
    ['batches', { batchSize: 16 }],
    ['seed', { seed: 1 }],
    ['metric', { metric: 'mean per-class accuracy' }],
    ['training images', { train: train.subset(positions.slice(0, 44)) }],
    ['validation images', { validation: validation.subset([0, 1, 2, 3, 4]) }],
  ] as const)('does not take a stored run of other %s', async (_, change) => {
    const store = memoryStore()
    const encoder = vi.fn(() => meanColour)
    const one = { ...settings, grid: grid.slice(2, 3), store, encoder }
    await fineTuneSweep(one)
    encoder.mockClear()
    await fineTuneSweep({ ...one, ...change })
    expect(encoder).toHaveBeenCalled()
  })

  it('refuses a grid of nothing, and one of which nothing is left', async () => {
    const encoder = () => meanColour
    await expect(fineTuneSweep({ ...settings, encoder, grid: [] })).rejects.toThrow(
      'number of runs in the grid',
    )
    await expect(fineTuneSweep({ ...settings, encoder, grid: grid.slice(0, 1) })).rejects.toThrow(
      'fineTuneSweep: grid: must be of at least one run whose loss stays finite, got 1 that diverged',
    )
  })

  it('finds out before it trains that datasets do not fit', async () => {
    const encoder = vi.fn(() => meanColour)
    const { name } = test
    const two = memoryDataset({ name: 'two', imageSize, classes: ['a', 'b'], train: { ...coloured(2, 3) } })
    await expect(fineTuneSweep({ ...settings, encoder, test: two })).rejects.toThrow(
      "of the training set's 3 classes, got 2 in two",
    )
    await expect(fineTuneSweep({ ...settings, encoder, metric: '11-point mAP' })).rejects.toThrow(
      `top-1 accuracy or mean per-class accuracy for ${name}, whose images have one class each`,
    )
    expect(encoder).not.toHaveBeenCalled()
  })
})

describe('formatSweep', () => {
  it('prints a table of the runs with the chosen one bold', async () => {
    const run = { learningRate: 0.1, weightDecay: 1e-5 / 0.1, score: 0.755, losses: [2, 1], diverged: false }
    const runs = [{ ...run, learningRate: 1, losses: [], score: 0, diverged: true }, run]
    const result = await fineTune({ encoder: meanColour, train, test, steps: 1 })
    expect(formatSweep({ runs, best: run, result: { ...result, score: 0.5 } })).toBe(
      [
        '| learning rate | weight decay | training loss | validation top-1 accuracy (%) |',
        '| --: | --: | --: | --: |',
        '| 1 | 0.0001 | diverged | – |',
        '| **0.1** | **0.00001** | **1.000** | **75.5** |',
        '',
        'Chosen settings on the test set: top-1 accuracy 50.0 %.',
        '',
      ].join('\n'),
    )
  })
})
