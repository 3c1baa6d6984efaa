import { memory, randomNormal, tidy } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { digits } from './__fixtures__/digits.ts'
import { elevenPointMeanAveragePrecision } from './eleven-point-map.ts'
import type { Features } from './features.ts'
import { logisticRegression } from './logistic-regression.ts'
import { logisticRegressionPath } from './logistic-regression-path.ts'
import { meanPerClassAccuracy } from './mean-per-class-accuracy.ts'

const { train, test: rest, fits } = digits

describe.each(['mean', 'sum'] as const)('λ on the %s', (on) => {
  test('reaches the optimum that scikit-learn finds for the digits at every λ', async () => {
    const scale = on === 'sum' ? train.labels!.length : 1
    const tensors = memory().numTensors
    const { path } = await logisticRegressionPath({
      train,
      validation: rest,
      test: rest,
      regularizations: fits.map(({ lambda_ }) => lambda_ * scale),
      on,
      tolerance: 1e-7,
    })
    expect(memory().numTensors).toBe(tensors)
    expect(path.map(({ regularization }) => regularization / scale)).toBeAllClose(
      fits.map(({ lambda_ }) => lambda_),
      { relative: 1e-12 },
    )
    fits.forEach(({ objective, test_correct, min_test_margin_top1_top2 }, i) => {
      expect(Math.abs(path[i]!.objective / scale / objective - 1)).toBeLessThan(1e-6)
      const doubtful = min_test_margin_top1_top2 < 1e-4 ? 1 : 0
      const correct = Math.round(path[i]!.score * rest.labels!.length)
      expect(Math.abs(correct - test_correct)).toBeLessThanOrEqual(doubtful)
    })
  })
})

/** Rows around the middles of their classes, away from zero. */
function clouds(rows: number, { width = 4, classes = 3, seed = 0 } = {}): Features & { labels: Int32Array } {
  const normal = (count: number, seed: number): Float32Array =>
    tidy(() => randomNormal([count], 0, 1, 'float32', seed).dataSync<'float32'>())
  const [noise, middles] = [normal(rows * width, seed + 1), normal(classes * width, 100)]
  const labels = Int32Array.from({ length: rows }, (_, row) => row % classes)
  const features = noise.map((value, i) => {
    const label = labels[Math.floor(i / width)]!
    return 3 + value * (1 + (i % width) / 10) + 0.7 * middles[label * width + (i % width)]!
  })
  return { features, width, labels }
}

const sets = { train: clouds(60), validation: clouds(30, { seed: 1 }), test: clouds(30, { seed: 2 }) }

test('keeps the tolerance in the original coordinates, on more features than it takes components', async () => {
  const options = { width: 100, classes: 4 }
  const [train, validation] = [clouds(300, options), clouds(100, { ...options, seed: 1 })]
  const λ = 0.5
  const { weights, bias, refit } = await logisticRegressionPath({
    train,
    validation,
    test: validation,
    regularizations: [λ],
    tolerance: 1e-6,
  })
  expect(refit.stopped).toBe('tolerance')
  const [n, classes, width] = [400, 4, 100]
  const gradient = new Float64Array((width + 1) * classes)
  let objective = 0
  for (const { features, labels } of [train, validation]) {
    labels.forEach((label, row) => {
      const x = features.subarray(row * width, (row + 1) * width)
      const logits = Array.from(bias, (b, c) =>
        x.reduce((sum, xi, i) => sum + xi * weights[i * classes + c]!, b),
      )
      const powers = logits.map((logit) => Math.exp(logit - logits[label]!))
      const total = powers.reduce((a, b) => a + b)
      objective += Math.log(total)
      powers.forEach((power, c) => {
        const slope = (power / total - Number(c === label)) / n
        x.forEach((xi, i) => {
          gradient[i * classes + c]! += slope * xi
        })
        gradient[width * classes + c]! += slope
      })
    })
  }
  weights.forEach((weight, i) => {
    gradient[i]! += (λ / n) * weight
    objective += (λ / 2) * weight ** 2
  })
  expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(2e-6)
  expect(refit.objective / objective).toBeCloseTo(1, 6)
})

test('chooses by validation, the larger λ of equally good ones, and refits on both sets', async () => {
  const progress: number[] = []
  const result = await logisticRegressionPath({
    ...sets,
    regularizations: [1e-3, 1e4, 0.1],
    onProgress: ({ done, total, regularization }) => progress.push(done, total, regularization),
  })
  expect(progress).toEqual([1, 3, 1e4, 2, 3, 0.1, 3, 3, 1e-3])
  expect(result.path.map(({ regularization }) => regularization)).toEqual([1e4, 0.1, 1e-3])
  const best = Math.max(...result.path.map(({ score }) => score))
  expect(result.path.find(({ score }) => score === best)!.regularization).toBe(result.regularization)

  const both = {
    features: Float32Array.of(...sets.train.features, ...sets.validation.features),
    width: 4,
    labels: Int32Array.of(...sets.train.labels, ...sets.validation.labels),
  }
  const single = await logisticRegression({
    train: both,
    test: sets.test,
    regularization: result.regularization / 90,
  })
  expect(result.refit.objective / 90 / single.objective).toBeCloseTo(1, 6)
  expect(result.predictions).toEqual(single.predictions)
  expect(result.score).toBe(single.accuracy)
  expect(result.scores).toHaveLength(90)

  const tied = await logisticRegressionPath({ ...sets, regularizations: [1, 1.0001] })
  expect(tied.path[0]!.score).toBe(tied.path[1]!.score)
  expect(tied.regularization).toBe(1.0001)
})

test('reports the metric that it is asked for', async () => {
  const uneven = { ...sets, test: { ...sets.test, labels: sets.test.labels.map((label) => label % 2) } }
  const options = { ...uneven, regularizations: [1] }
  const { predictions } = await logisticRegressionPath(options)
  const mean = await logisticRegressionPath({ ...options, metric: 'mean per-class accuracy' })
  expect(mean.score).toBe(meanPerClassAccuracy(predictions!, uneven.test.labels, 3))
})

describe('images with several classes', () => {
  /** Class 0 by the label's parity, class 1 where it is 2; some entries of class 1 are left out. */
  const several = ({ labels, ...rest }: Features & { labels: Int32Array }): Features => ({
    ...rest,
    labels: undefined,
    multiLabels: Int8Array.from(
      [...labels].flatMap((label, row) => [label % 2 ? 1 : -1, row % 5 === 4 ? 0 : label === 2 ? 1 : -1]),
    ),
  })
  const [train, validation, test_] = [several(sets.train), several(sets.validation), several(sets.test)]
  const regularizations = [10, 0.1]

  test('take one regression per class, in which entries that are left out do not count', async () => {
    const tensors = memory().numTensors
    const result = await logisticRegressionPath({ train, validation, test: test_, regularizations })
    expect(memory().numTensors).toBe(tensors)
    expect(result.predictions).toBeUndefined()
    // A binary regression is one of two classes with weights ±w/2, whose squares are half as many.
    const alone = await Promise.all(
      [0, 1].map((label) => {
        const rows = [...train.multiLabels!.keys()].filter(
          (i) => i % 2 === label && train.multiLabels![i] !== 0,
        )
        const part: Features = {
          width: 4,
          features: Float32Array.from(
            rows.flatMap((i) => [...train.features.subarray((i >> 1) * 4, (i >> 1) * 4 + 4)]),
          ),
          labels: Int32Array.from(rows, (i) => Number(train.multiLabels![i] === 1)),
        }
        return logisticRegressionPath({
          train: part,
          validation: part,
          test: part,
          regularizations: regularizations.map((λ) => 2 * λ),
        })
      }),
    )
    result.path.forEach(({ objective }, i) => {
      expect(objective / (alone[0]!.path[i]!.objective + alone[1]!.path[i]!.objective)).toBeCloseTo(1, 6)
    })
    expect(result.score).toBe(elevenPointMeanAveragePrecision(result.scores, test_.multiLabels!, 2).mean)
  })

  test.each([
    ['test: multiLabels: must be there', { test: sets.test }],
    ['metric', { metric: 'top-1 accuracy' as const }],
    ['one row per label', { classes: 3 }],
    ['none of class 0', { train: { ...train, multiLabels: train.multiLabels!.map(() => -1) } }],
    ['(left out), got 2', { test: { ...test_, multiLabels: test_.multiLabels!.map(() => 2) } }],
  ])('reject: %s', async (message, change) => {
    const options = { train, validation, test: test_, regularizations, ...change }
    await expect(logisticRegressionPath(options)).rejects.toThrow(message)
  })
})

const empty: Features = { features: new Float32Array(0), width: 4, labels: new Int32Array(0) }

test.each([
  ['validation: features: must be of at least one image', { validation: empty }],
  ['validation: labels', { validation: { ...sets.validation, labels: undefined } }],
  ["training features' width, 4, got 5", { validation: { ...clouds(30, { width: 5 }) } }],
  [
    'test: features: must be finite',
    { test: { ...sets.test, features: sets.test.features.with(9, Number.NaN) } },
  ],
  ['test labels: must be below the number of classes, 3, got 3', { test: clouds(30, { classes: 4 }) }],
  ['of every class that test shows, got none of class 3', { classes: 4, test: clouds(30, { classes: 4 }) }],
  ['none of class 1', { train: { ...sets.train, labels: sets.train.labels.map((l) => 2 * (l >> 1)) } }],
  ['metric', { metric: '11-point mAP' as const }],
  ['at least one, each above 0 and finite, got none', { regularizations: [] }],
  ['above 0 and finite, got 0', { regularizations: [1, 0] }],
  ['tolerance', { tolerance: -1 }],
  ['maxIterations', { maxIterations: 0.5 }],
])('rejects: %s', async (message, change) => {
  const tensors = memory().numTensors
  const options = { ...sets, regularizations: [1], ...change }
  await expect(logisticRegressionPath(options)).rejects.toThrow(message)
  expect(memory().numTensors).toBe(tensors)
})
