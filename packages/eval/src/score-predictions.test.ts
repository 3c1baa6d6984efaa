import { SimclrError } from '@simclr/core'
import { readGoldenJson } from '@simclr/tools/testing'
import { expect, test } from 'vitest'
import { scorePredictions } from './score-predictions.ts'

interface Golden {
  voc2007: { scores: number[][]; labels: number[][]; mAP_11point: number }
}

const { voc2007 } = readGoldenJson<Golden>(new URL('./__fixtures__/08_eval.json', import.meta.url))

test('accuracies of two classes of unlike size', () => {
  const scores = Float32Array.of(2, 1, 5, 1, 0, -1, 3, 2)
  const labels = Int32Array.of(0, 0, 0, 1)
  expect(scorePredictions('top-1 accuracy', scores, labels, 2)).toBe(0.75)
  expect(scorePredictions('mean per-class accuracy', scores, labels, 2)).toBe(0.5)
})

test('mean average precision of labels as datasets have them equals golden 08', () => {
  const marks = new Map([
    [1, 1],
    [0, -1], // absent
    [-1, 0], // difficult
  ])
  const labels = Int8Array.from(voc2007.labels.flat(), (label) => marks.get(label)!)
  const scores = Float32Array.from(voc2007.scores.flat())
  const score = scorePredictions('11-point mAP', scores, labels, voc2007.labels[0]!.length)
  expect(score).toBeCloseTo(voc2007.mAP_11point, 14)
})

test.each([
  ['11-point mAP', Int32Array.of(0), 'an accuracy for images with one class each, got 11-point mAP'],
  ['top-1 accuracy', Int8Array.of(1, -1), 'the 11-point mAP for images with several classes, got top-1'],
] as const)('refuses %s for the other kind of labels', (metric, labels, message) => {
  const score = () => scorePredictions(metric, Float32Array.of(1, 2), labels, 2)
  expect(score).toThrow(SimclrError)
  expect(score).toThrow(message)
})
