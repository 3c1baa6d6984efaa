import { readGoldenJson } from '@simclr/tools/testing'
import { describe, expect, test } from 'vitest'
import { batchSizeScaling } from './batch-size-scaling.ts'
import { trainingSteps } from './training-steps.ts'
import { warmupCosine } from './warmup-cosine.ts'

interface Case {
  num_examples: number
  batch: number
  epochs: number
  warmup_epochs: number
  scaling: 'linear' | 'sqrt'
  base_lr: number
  peak_lr: number
  warmup_steps: number
  total_steps: number
  steps: number[]
  lr: number[]
  lr_float64_formula: number[]
}

const { cases } = readGoldenJson<{ cases: Case[] }>(
  new URL('./__fixtures__/04_lr_schedule.json', import.meta.url),
)

describe.each(cases)(
  'official schedule: $num_examples images, batch $batch, $epochs epochs, $scaling',
  (golden) => {
    const { batch: batchSize, scaling, base_lr: base } = golden
    const peak = batchSizeScaling({ batchSize, scaling, base })
    const steps = trainingSteps({
      examples: golden.num_examples,
      batchSize,
      epochs: golden.epochs,
      warmupEpochs: golden.warmup_epochs,
    })

    test('peak and step counts', () => {
      expect(peak).toBeCloseTo(golden.peak_lr, 12)
      expect(steps).toEqual({ warmupSteps: golden.warmup_steps, totalSteps: golden.total_steps })
    })

    test('rates', () => {
      const rates = golden.steps.map(warmupCosine({ peak, ...steps }))
      expect(rates).toBeAllClose(golden.lr_float64_formula, { relative: 1e-14 })
      expect(rates).toBeAllClose(golden.lr, { absolute: 6e-7 })
    })
  },
)

test('both scalings give 4.8 at batch 4096', () => {
  expect(batchSizeScaling({ batchSize: 4096 })).toBeCloseTo(4.8, 12)
  expect(batchSizeScaling({ batchSize: 4096, scaling: 'sqrt' })).toBeCloseTo(4.8, 12)
})

test.each([
  [() => warmupCosine({ peak: -1, warmupSteps: 0, totalSteps: 1 }), 'peak'],
  [() => warmupCosine({ peak: 1, warmupSteps: -1, totalSteps: 1 }), 'warmupSteps'],
  [() => warmupCosine({ peak: 1, warmupSteps: 10, totalSteps: 10 }), 'at least 11, got 10. Train longer'],
  [() => batchSizeScaling({ batchSize: 0 }), 'batchSize'],
  [() => batchSizeScaling({ batchSize: 1, base: 0 }), 'base'],
  [() => trainingSteps({ examples: 0, batchSize: 1, epochs: 1 }), 'examples'],
  [() => trainingSteps({ examples: 1, batchSize: 1, epochs: Number.NaN }), 'epochs'],
])('rejects %s', (run, message) => {
  expect(run).toThrow(message)
})
