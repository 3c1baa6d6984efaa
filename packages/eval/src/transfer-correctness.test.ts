import { expect, it } from 'vitest'
import { accuracy } from './accuracy.ts'
import { meanPerClassAccuracy } from './mean-per-class-accuracy.ts'
import { predictedClasses } from './predicted-classes.ts'
import { transferCorrectness } from './transfer-correctness.ts'

const classes = 3
const labels = Int32Array.of(0, 0, 0, 1, 2, 2)
const logits = Float32Array.of(9, 1, 0, 2, 1, 0, 0, 5, 1, 0, 3, 1, 4, 0, 1, 0, 0, 1)
const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)

it('adds up to the metric', () => {
  const predictions = predictedClasses(logits, classes)
  const topOne = transferCorrectness('top-1 accuracy', logits, labels, classes)
  expect(sum(topOne) / labels.length).toBeCloseTo(accuracy(predictions, labels), 14)
  const perClass = transferCorrectness('mean per-class accuracy', logits, labels, classes)
  expect(sum(perClass) / classes).toBeCloseTo(meanPerClassAccuracy(predictions, labels, classes), 14)
  expect([...perClass]).toEqual([1 / 3, 1 / 3, 0, 1, 0, 0.5])
})

it('is the share of classes for images with several, without the difficult ones', () => {
  const several = Int8Array.of(1, -1, 0, -1, -1, 1)
  const shares = transferCorrectness('11-point mAP', Float32Array.of(2, -1, 5, 1, 0, -3), several, classes)
  expect([...shares]).toEqual([2 / 3, 1 / 3])
})
