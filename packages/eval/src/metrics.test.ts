import { readGoldenJson } from '@simclr/tools/testing'
import { expect, test } from 'vitest'
import { accuracy } from './accuracy.ts'
import { meanPerClassAccuracy } from './mean-per-class-accuracy.ts'
import { predictedClasses } from './predicted-classes.ts'
import { topKAccuracy } from './top-k-accuracy.ts'

interface Golden {
  topk: {
    logits: number[][]
    labels: number[]
    official_top1_argmax: number
    official_top5: number
    correct_top1_argmax: (boolean | number)[]
    fraction_in_top_k: Record<string, number>
  }
  mean_per_class: {
    labels: number[]
    predictions: number[]
    num_classes: number
    mean_per_class: number
    overall: number
  }
}

const { topk, mean_per_class } = readGoldenJson<Golden>(
  new URL('./__fixtures__/08_eval.json', import.meta.url),
)
const scores = Float32Array.from(topk.logits.flat())
const labels = Int32Array.from(topk.labels)
const classes = topk.logits[0]!.length

test('top-1 of tied logits equals the official argmax', () => {
  const predictions = predictedClasses(scores, classes)
  expect(accuracy(predictions, labels)).toBeCloseTo(topk.official_top1_argmax, 7)
  const correct = Array.from(predictions, (prediction, i) => Number(prediction === labels[i]))
  expect(correct).toEqual(topk.correct_top1_argmax.map(Number))
})

test.each(Object.entries(topk.fraction_in_top_k))('top-%s of tied logits equals in_top_k', (k, fraction) => {
  expect(topKAccuracy(scores, labels, { k: Number(k), classes })).toBeCloseTo(fraction, 12)
})

test('top-5 equals the official metric', () => {
  expect(topKAccuracy(scores, labels, { classes })).toBeCloseTo(topk.official_top5, 7)
})

test('every row is correct where there are no more than k classes', () => {
  expect(topKAccuracy(Float32Array.of(3, 2, 1), Int32Array.of(2), { classes: 3 })).toBe(1)
})

test('mean per-class accuracy', () => {
  const [predictions, truth] = [
    Int32Array.from(mean_per_class.predictions),
    Int32Array.from(mean_per_class.labels),
  ]
  expect(meanPerClassAccuracy(predictions, truth, mean_per_class.num_classes)).toBeCloseTo(
    mean_per_class.mean_per_class,
    12,
  )
  expect(accuracy(predictions, truth)).toBeCloseTo(mean_per_class.overall, 12)
  expect(meanPerClassAccuracy(Int32Array.of(0, 0, 2), Int32Array.of(0, 2, 2), 3)).toBe(0.75)
})

test.each([
  [() => accuracy(Int32Array.of(1), Int32Array.of(1, 2)), 'one per label, 2, got 1'],
  [() => accuracy(new Int32Array(0), new Int32Array(0)), 'at least one label'],
  [() => topKAccuracy(scores, labels, { k: 0, classes }), 'topKAccuracy: k'],
  [
    () => topKAccuracy(scores, labels, { classes: classes + 1 }),
    'finite, 9 a row, at least one row, got 240 scores',
  ],
  [
    () => topKAccuracy(Float32Array.of(1, 2, Number.NaN, 4), labels, { classes: 2 }),
    'NaN for class 0 in row 1',
  ],
  [() => topKAccuracy(scores, labels.subarray(1), { classes }), '30, each from 0 to 7, got 29'],
  [
    () => topKAccuracy(Float32Array.of(1, 2), Int32Array.of(2), { classes: 2 }),
    'each from 0 to 1, got 2 in row 0. Leave out test images of classes that training did not see.',
  ],
  [() => predictedClasses(Float32Array.of(1, Number.NaN), 2), 'got NaN for class 1 in row 0'],
  [() => predictedClasses(Float32Array.of(1, 2, 3), 2), '2 a row, at least one row, got 3 scores'],
  [() => predictedClasses(scores, 0), 'predictedClasses: classes'],
  [
    () => meanPerClassAccuracy(Int32Array.of(0), Int32Array.of(3), 3),
    'labels: must be 1, each from 0 to 2, got 3 in row 0',
  ],
  [
    () => meanPerClassAccuracy(Int32Array.of(-1), Int32Array.of(0), 3),
    'predictions: must be 1, each from 0 to 2, got -1',
  ],
  [
    () => meanPerClassAccuracy(Int32Array.of(0, 1), Int32Array.of(0), 3),
    'predictions: must be 1, each from 0 to 2, got 2.',
  ],
  [() => meanPerClassAccuracy(new Int32Array(0), new Int32Array(0), 3), 'at least one'],
])('rejects %s', (run, message) => {
  expect(run).toThrow(message)
})
