import { memory } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { digits, digitsArrays } from './__fixtures__/digits.ts'
import type { Features } from './features.ts'
import { logisticRegression } from './logistic-regression.ts'

const { train, test: test_, fits } = digits

describe.each(fits)('digits, λ = $lambda_', (fit) => {
  test('reaches the optimum that scikit-learn finds', async () => {
    const tensors = memory().numTensors
    const result = await logisticRegression({
      train,
      test: test_,
      regularization: fit.lambda_,
      tolerance: 1e-7,
    })
    expect(memory().numTensors).toBe(tensors)
    expect(result.stopped).not.toBe('iterations')
    const mean = result.bias.reduce((total, b) => total + b, 0) / result.bias.length
    const bias = result.bias.map((b) => b - mean)
    const weights = digitsArrays.get(weightsName(fit.lambda_))!.values
    expect(result.objective / fit.objective).toBeCloseTo(1, 5)
    expect(result.weights).toBeAllClose(weights, { relative: 2e-3 }) // wasm's sums of float32 stop at 1.3e-3
    expect(bias).toBeAllClose(fit.bias_centered, { relative: 5e-3 })
    const doubtful = fit.min_test_margin_top1_top2 < 1e-4 ? 1 : 0
    const miscounted = (accuracy: number, expected: number, rows: number) =>
      Math.abs(Math.round(accuracy * rows) - expected)
    const trainCorrect = Math.round(fit.train_accuracy * train.labels!.length)
    expect(miscounted(result.accuracy, fit.test_correct, fit.test_total)).toBeLessThanOrEqual(doubtful)
    expect(miscounted(result.trainAccuracy, trainCorrect, train.labels!.length)).toBeLessThanOrEqual(doubtful)
  })
})

/** Python writes 0.00001 as 1e-05. */
function weightsName(lambda: number): string {
  return `logreg.lam${lambda === 1e-5 ? '1e-05' : lambda}.W`
}

const two: Features = { features: Float32Array.of(1, 0, 0, 1), width: 2, labels: Int32Array.of(0, 1) }

test('separates two rows, on any number of classes', async () => {
  const result = await logisticRegression({ train: two, test: two, classes: 7 })
  expect(result).toMatchObject({ accuracy: 1, top5: 1, trainAccuracy: 1, predictions: Int32Array.of(0, 1) })
  expect(result.weights).toHaveLength(14)
})

test.each([
  [{ train: { ...two, features: Float32Array.of(1, 0, Number.NaN, 1) } }, 'finite, got NaN in row 1'],
  [{ train: { ...two, labels: undefined } }, 'train: labels'],
  [{ test: { ...two, labels: new Int32Array(0), features: new Float32Array(0) } }, 'at least one image'],
  [{ test: { ...two, features: Float32Array.of(1) } }, '2 × 2 values, one row per label, got 1 values'],
  [{ test: { ...two, labels: Int32Array.of(0, -1) } }, 'class numbers from 0, got -1'],
  [
    { test: { ...two, labels: Int32Array.of(0, 2) } },
    'test labels: must be below the number of classes, 2, got 2',
  ],
  [{ test: { ...two, width: 1, features: Float32Array.of(1, 2) } }, 'width, 2, got 1'],
  [{ classes: 1 }, 'train labels: must be below the number of classes, 1'],
  [{ regularization: -1 }, 'regularization'],
])('rejects %o', async (change, message) => {
  await expect(logisticRegression({ train: two, test: two, ...change })).rejects.toThrow(message)
})
