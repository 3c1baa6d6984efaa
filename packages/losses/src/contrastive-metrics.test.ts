import { formulaValues, readGoldenArrays, readGoldenJson } from '@simclr/tools/testing'
import { concat, gather, reverse, type Tensor2D, tensor2d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { contrastiveMetrics, contrastiveMetricsGathered } from './contrastive-metrics.ts'

interface Case {
  name: string
  kind: string
  temperature: number
  hidden_norm: boolean
  contrast_acc: number
  contrast_entropy: number
}

const { cases } = readGoldenJson<{ cases: Case[] }>(new URL('./__fixtures__/01_ntxent.json', import.meta.url))
const arrays = readGoldenArrays(new URL('./__fixtures__/01_ntxent.safetensors', import.meta.url))

describe('contrastiveMetrics against the official implementation', () => {
  it.each(cases)(
    '$name ($kind)',
    ({ name, kind, temperature, hidden_norm, contrast_acc, contrast_entropy }) => {
      const { values, shape } = arrays.get(`${name}.hidden`)!
      const hidden = tensor2d(values, shape as [number, number])
      const { accuracy, entropy } = contrastiveMetrics(hidden, { temperature, normalize: hidden_norm })
      // With identical rows the largest similarity is decided by rounding: the fixtures say not to test it.
      if (kind !== 'all_rows_identical') expect(accuracy).toBeAllClose([contrast_acc], { absolute: 1e-6 })
      expect(entropy).toBeAllClose([contrast_entropy], { absolute: 1e-5, relative: 1e-5 })
    },
  )
})

it('is 1 with entropy near 0 for far-apart pairs, and entropy log N for identical rows', () => {
  const apart = tensor2d([
    [1, 0],
    [0, 1],
    [1, 0],
    [0, 1],
  ])
  const solved = contrastiveMetrics(apart, { temperature: 0.05 })
  expect(solved.accuracy.dataSync()[0]).toBe(1)
  expect(solved.entropy.dataSync()[0]).toBeLessThan(1e-4)
  const same = contrastiveMetrics(tensor2d(new Float32Array(16).fill(1), [8, 2]))
  expect(same.entropy.dataSync()[0]).toBeCloseTo(Math.log(4), 5)
})

it('finds every second view of more images than a block holds, unless they are shuffled', () => {
  const images = 1100
  const angles = Array.from({ length: images }, (_, i) => i / 200)
  const first = tensor2d(angles.map((angle) => [Math.cos(angle), Math.sin(angle)]))
  const accuracyOf = (second: Tensor2D) =>
    contrastiveMetrics(concat([first, second]) as Tensor2D, { temperature: 0.01 }).accuracy.dataSync()[0]
  expect(accuracyOf(first)).toBe(1)
  expect(accuracyOf(reverse(first, 0))).toBe(0)
})

it('leaks no tensors beyond its two results', () => {
  const hidden = tensor2d([
    [1, 0],
    [0, 1],
    [1, 0],
    [0, 1],
  ])
  expect(() => {
    const { accuracy, entropy } = contrastiveMetrics(hidden)
    accuracy.dispose()
    entropy.dispose()
  }).toLeakNoTensors()
})

it('refuses an odd number of rows and a negative temperature', () => {
  expect(() => contrastiveMetrics(tensor2d([[1], [2], [3]]))).toThrow(/contrastiveMetrics: hidden.*\[3, 1\]/)
  expect(() => contrastiveMetrics(tensor2d([[1], [2]]), { temperature: -1 })).toThrow(/temperature.*got -1/)
})

it('of parts of a batch, in the mean, are those of the whole', () => {
  const hidden = tensor2d(formulaValues(3, 8 * 5), [8, 5])
  const whole = contrastiveMetrics(hidden)
  const parts = [0, 2].map((offset) => {
    const rows = [offset, offset + 1, offset + 4, offset + 5]
    return contrastiveMetricsGathered(gather(hidden, rows), hidden, offset)
  })
  for (const metric of ['accuracy', 'entropy'] as const) {
    const mean = (parts[0]![metric].dataSync()[0]! + parts[1]![metric].dataSync()[0]!) / 2
    expect(mean).toBeCloseTo(whole[metric].dataSync()[0]!, 5)
  }
})
