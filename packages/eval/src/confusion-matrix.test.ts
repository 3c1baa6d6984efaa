import { readGoldenJson } from '@simclr/tools/testing'
import { expect, test } from 'vitest'
import { confusionMatrix } from './confusion-matrix.ts'

interface Golden {
  mean_per_class: {
    labels: number[]
    predictions: number[]
    num_classes: number
    per_class: number[]
    overall: number
  }
}

const golden = readGoldenJson<Golden>(new URL('./__fixtures__/08_eval.json', import.meta.url)).mean_per_class
const labels = Int32Array.from(golden.labels)
const predictions = Int32Array.from(golden.predictions)

test('rows are labels, columns predictions', () => {
  const counts = confusionMatrix(Int32Array.of(1, 1, 2, 0), Int32Array.of(0, 0, 2, 2), 3)
  expect(Array.from(counts)).toEqual([0, 2, 0, 0, 0, 0, 1, 0, 1])
})

test('its diagonal over its row sums is the recall of golden 08', () => {
  const classes = golden.num_classes
  const counts = confusionMatrix(predictions, labels, classes)
  const rows = Array.from({ length: classes }, (_, t) =>
    Array.from(counts.subarray(t * classes, (t + 1) * classes)),
  )
  const sums = rows.map((row) => row.reduce((a, b) => a + b))
  rows.forEach((row, t) => {
    expect(row[t]! / sums[t]!).toBeCloseTo(golden.per_class[t]!, 14)
  })
  expect(rows.reduce((right, row, t) => right + row[t]!, 0) / labels.length).toBeCloseTo(golden.overall, 14)
})

test('exchanging labels and predictions transposes it', () => {
  const classes = golden.num_classes
  const counts = confusionMatrix(predictions, labels, classes)
  const transposed = counts.map((_, i) => counts[(i % classes) * classes + Math.floor(i / classes)]!)
  expect(confusionMatrix(labels, predictions, classes)).toEqual(transposed)
})

test.each([
  [() => confusionMatrix(labels, labels, 0), 'confusionMatrix: classes'],
  [() => confusionMatrix(labels, labels, 5), 'labels: must be 120, each from 0 to 4, got 5 in row 8'],
  [
    () => confusionMatrix(Int32Array.of(-1), Int32Array.of(0), 2),
    'predictions: must be 1, each from 0 to 1, got -1',
  ],
  [
    () => confusionMatrix(Int32Array.of(0, 0), Int32Array.of(0), 2),
    'predictions: must be 1, each from 0 to 1, got 2.',
  ],
  [() => confusionMatrix(new Int32Array(0), new Int32Array(0), 2), 'at least one'],
])('rejects %s', (run, message) => {
  expect(run).toThrow(message)
})
