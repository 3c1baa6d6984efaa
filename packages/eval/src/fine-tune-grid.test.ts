import { expect, test } from 'vitest'
import { fineTuneGrid } from './fine-tune-grid.ts'

const rounded = (values: Iterable<number>): number[] =>
  [...new Set([...values].map((value) => Number(value.toPrecision(9))))].sort((a, b) => a - b)

test.each([
  [true, 20_000, [1e-4, 0.1], [0, 1e-6, 1e-3], 8],
  [false, 40_000, [1e-3, 1], [1e-5, 10 ** -1.5], 8],
] as const)('the paper, pretrained %s', (pretrained, expectedSteps, rates, decays, decayCount) => {
  const { runs, steps } = fineTuneGrid({ pretrained })
  expect(steps).toBe(expectedSteps)
  expect(runs).toHaveLength(56)

  const learningRates = rounded(runs.map(({ learningRate }) => learningRate))
  expect(learningRates).toHaveLength(7)
  expect([learningRates[0], learningRates.at(-1)]).toEqual(rates)
  learningRates.slice(1).forEach((rate, i) => {
    expect(Math.log10(rate / learningRates[i]!)).toBeCloseTo(0.5, 6)
  })

  // Each rate has the same decays per step.
  for (const rate of learningRates) {
    const some = runs.filter(({ learningRate }) => rounded([learningRate])[0] === rate)
    const perStep = rounded(some.map(({ learningRate, weightDecay }) => learningRate * weightDecay))
    expect(perStep).toHaveLength(decayCount)
    expect(perStep).toEqual(expect.arrayContaining(rounded(decays)))
    expect(perStep.at(-1)).toBeCloseTo(decays.at(-1)!, 9)
  }
})

test.each([true, false])('the small grid is a part of the paper’s, pretrained %s', (pretrained) => {
  const paper = fineTuneGrid({ pretrained })
  const small = fineTuneGrid({ pretrained, size: 'small' })
  expect(small.steps).toBe(paper.steps)
  expect(small.runs).toHaveLength(6)
  for (const { learningRate, weightDecay } of small.runs) {
    const twin = paper.runs.find(
      (run) =>
        Math.abs(run.learningRate / learningRate - 1) < 1e-9 &&
        Math.abs(run.weightDecay - weightDecay) <= 1e-9 * weightDecay,
    )
    expect(twin).toBeDefined()
  }
})
