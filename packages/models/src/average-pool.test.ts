import { grad, mul, ones, sum, type Tensor4D, tensor4d, tidy } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { averagePool } from './average-pool.ts'

const image = [1, 2, 3, 4, 5, 6, 7, 8, 9]

/** Means of 2×2 windows by loops: cells outside count as zeros, or not at all. */
function expected(size: number, stride: number, values: readonly number[]): number[] {
  const starts = Array.from({ length: Math.ceil(size / stride) }, (_, i) => i * stride)
  const inside = (i: number) => [i, i + 1].filter((position) => position < size)
  return starts.flatMap((y) =>
    starts.map((x) => {
      const cells = inside(y).flatMap((row) => inside(x).map((column) => values[row * size + column]!))
      return cells.reduce((a, b) => a + b) / (stride === 1 ? cells.length : 4)
    }),
  )
}

test.each([
  [3, 1],
  [3, 2],
  [2, 1],
  [2, 2],
  [1, 1],
  [1, 2],
])('%d px, stride %d: values and gradient', (size, stride) => {
  const values = image.slice(0, size * size)
  tidy(() => {
    const x = tensor4d(values, [1, size, size, 1])
    const y = averagePool(x, stride)
    expect(y.shape).toEqual([1, Math.ceil(size / stride), Math.ceil(size / stride), 1])
    expect(y).toBeAllClose(expected(size, stride, values), { relative: 1e-6 })

    const weights = tensor4d(image.slice(0, y.size), y.shape)
    const dx = grad((input) => sum(mul(averagePool(input as Tensor4D, stride), weights)))(x)
    const columns = values.map((_, i) => {
      const one = values.map((_, j) => (i === j ? 1 : 0))
      return expected(size, stride, one).reduce((total, value, j) => total + value * image[j]!, 0)
    })
    expect(dx).toBeAllClose(columns, { relative: 1e-6 })
  })
})

test('leaks nothing', () => {
  const x = ones([2, 3, 4, 5]) as Tensor4D
  expect(() => averagePool(x, 1).dispose()).toLeakNoTensors()
  expect(() => averagePool(x, 2).dispose()).toLeakNoTensors()
  x.dispose()
})
