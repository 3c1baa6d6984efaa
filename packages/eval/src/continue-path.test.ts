import { expect, test } from 'vitest'
import { continuePath, type PathSolution } from './continue-path.ts'

const at = (regularization: number, weight: number): PathSolution => ({
  regularization,
  classifier: { weights: Float32Array.of(weight), bias: Float32Array.of(-weight) },
})

test('goes on along the logarithm of λ', () => {
  expect(continuePath([], 1)).toBeUndefined()
  expect(continuePath([at(10, 2)], 1)).toEqual(at(10, 2).classifier)
  // Half a decade further after a step of a decade.
  const next = continuePath([at(1000, 9), at(10, 2), at(1, 4)], 10 ** -0.5)!
  expect(next.weights).toBeAllClose([5], { relative: 1e-6 })
  expect(next.bias).toBeAllClose([-5], { relative: 1e-6 })
  expect(continuePath([at(1, 2), at(1, 3)], 0.1)).toEqual(at(1, 3).classifier)
})
