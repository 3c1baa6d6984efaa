import { expect, test } from 'vitest'
import { batchNormMomentum } from './batch-norm-momentum.ts'

test.each([
  [1, 0.9],
  [15, 0.9], // DTD
  [100, 0.9],
  [200, 0.95],
  [296, 1 - 10 / 296], // Food-101
  [1e6, 0.99999],
])('%i steps per epoch: %d', (steps, momentum) => {
  expect(batchNormMomentum(steps)).toBeCloseTo(momentum, 12)
})

test('needs a step', () => {
  expect(() => batchNormMomentum(0)).toThrow('batchNormMomentum: stepsPerEpoch')
})
