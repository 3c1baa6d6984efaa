import { dispose, matMul, memory, type Tensor2D, tensor2d, tidy } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { principalComponents } from './principal-components.ts'

/** Rows ±√(width · variance) along each axis in turn: their second moments are the variances, to the bit nearly. */
function rowsOf(variances: readonly number[]): Tensor2D {
  const width = variances.length
  const along = (axis: number, sign: number): number[] =>
    variances.map((variance, i) => (i === axis ? sign * Math.sqrt(width * variance) : 0))
  return tensor2d(variances.flatMap((_, axis) => [along(axis, 1), along(axis, -1)]))
}

test('finds the leading directions of blocks of rows, and the mean of the others', async () => {
  const variances = [0.25, 100, 0.5, 9, 0.75]
  const blocks = [rowsOf(variances), rowsOf(variances)]
  const before = memory().numTensors
  const { axes, variances: found, rest } = await principalComponents(blocks, { count: 2 })
  expect(memory().numTensors).toBe(before + 1)
  expect(found).toBeAllClose([100, 9], { relative: 1e-4 })
  expect(rest).toBeCloseTo(0.5, 3)
  expect(Float32Array.from(axes.dataSync(), Math.abs)).toBeAllClose([0, 0, 1, 0, 0, 0, 0, 1, 0, 0], {
    absolute: 1e-3,
  })
  dispose([axes, ...blocks])
})

test('has zero axes where rows have fewer directions than asked for', async () => {
  const rows = tensor2d([
    [1, 2, 3],
    [-1, -2, -3],
  ])
  const { axes, variances, rest } = await principalComponents([rows])
  expect(variances).toBeAllClose([14, 0, 0], { absolute: 1e-4 })
  expect(rest).toBe(0)
  const products = tidy(() => matMul(axes, axes, true).dataSync())
  expect(products).toBeAllClose([1, 0, 0, 0, 0, 0, 0, 0, 0], { absolute: 1e-5 })
  dispose([axes, rows])
})
