import { tensor1d } from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { packBfloat16, unpackBfloat16 } from './bfloat16.ts'

/** What bfloat16 makes of each number: eight bits of mantissa, ties to even. */
const ROUNDED: readonly (readonly [number, number])[] = [
  [1, 1],
  [-2.5, -2.5],
  [1 + 2 ** -7, 1 + 2 ** -7],
  [1 + 2 ** -8, 1],
  [1 + 3 * 2 ** -8, 1 + 2 ** -6],
  [1 + 2 ** -8 + 2 ** -20, 1 + 2 ** -7],
  [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  [Number.NaN, Number.NaN],
  [-0, -0],
]

it('rounds to nearest, ties to even, fills up with zeros, and comes back exactly', () => {
  const words = packBfloat16(tensor1d(ROUNDED.map(([exact]) => exact)), 12)
  expect(words.dtype).toBe('int32')
  expect(words.shape).toEqual([6])
  const back = unpackBfloat16(words)
  expect([...back.dataSync()]).toEqual([...ROUNDED.map(([, rounded]) => rounded), 0, 0, 0])
  expect(packBfloat16(back, 12).dataSync()).toEqual(words.dataSync())
  words.dispose()
  back.dispose()
})

it('leaks no tensor', () => {
  const values = tensor1d([1, 2, 3, 4])
  const words = packBfloat16(values, 4)
  expect(() => packBfloat16(values, 4).dispose()).toLeakNoTensors()
  expect(() => unpackBfloat16(words).dispose()).toLeakNoTensors()
  words.dispose()
  values.dispose()
})
