import { tensor, tidy } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { adamw } from './adamw.ts'
import { clipByGlobalNorm } from './clip-by-global-norm.ts'
import { clipByValue } from './clip-by-value.ts'
import type { GradientTransform } from './gradient-transform.ts'

/** The gradients [3], [0, 4] and one more, of norm 5 without it. */
function clipped(transform: GradientTransform, extra = 0): number[][] {
  return tidy(() => {
    const gradients = [tensor([3]), tensor([0, 4]), tensor([extra])]
    const context = { parameters: [], step: 0, slot: () => [] }
    return transform.apply(gradients, context).map((gradient) => [...gradient.dataSync()])
  })
}

test('all gradients are shortened by one factor', () => {
  expect(clipped(clipByGlobalNorm(1)).flat()).toBeAllClose([0.6, 0, 0.8, 0], { absolute: 1e-6 })
})
test('short gradients stay as they are', () => {
  expect(clipped(clipByGlobalNorm(6))).toEqual([[3], [0, 4], [0]])
})
test("one NaN is everybody's, so that the loss shows it", () => {
  expect(clipped(clipByGlobalNorm(1), Number.NaN).flat()).toEqual([
    Number.NaN,
    Number.NaN,
    Number.NaN,
    Number.NaN,
  ])
})
test('one infinity stops the others', () => {
  expect(clipped(clipByGlobalNorm(1), Number.POSITIVE_INFINITY)).toEqual([[0], [0, 0], [Number.NaN]])
})
test('components are clipped one by one', () => {
  expect(clipped(clipByValue(2), -7)).toEqual([[2], [0, 2], [-2]])
})
test('no gradients at all', () => {
  expect(clipByGlobalNorm(1).apply([], { parameters: [], step: 0, slot: () => [] })).toEqual([])
})

test.each([
  [() => clipByGlobalNorm(0), 'clipByGlobalNorm: maximum'],
  [() => clipByGlobalNorm(Number.NaN), 'clipByGlobalNorm: maximum'],
  [() => clipByValue(-1), 'clipByValue: maximum'],
  [() => adamw({ weightDecay: -1 }), 'weightDecay'],
])('rejects %s', (run, message) => {
  expect(run).toThrow(message)
})
