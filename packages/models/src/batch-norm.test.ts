import { formulaValues } from '@simclr/tools/testing'
import { grad, sum, type Tensor, tensor, tensor2d, tidy, variableGrads } from '@tensorflow/tfjs-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runGroup } from './__fixtures__/communicator-group.ts'
import { BatchNorm } from './batch-norm.ts'
import { moduleWeights } from './weights.ts'

const ROWS = 6
const WIDTH = 2
const values = formulaValues(3, ROWS * WIDTH, 0.5, 2)

function columnMoments(column: number) {
  const entries = Array.from({ length: ROWS }, (_, row) => values[row * WIDTH + column]!)
  const mean = entries.reduce((a, b) => a + b, 0) / ROWS
  return { mean, variance: entries.reduce((a, b) => a + (b - mean) ** 2, 0) / ROWS }
}

let x: Tensor
beforeEach(() => {
  x = tensor2d(values, [ROWS, WIDTH])
})
afterEach(() => x.dispose())

describe('moving statistics', () => {
  const expectMoved = (norm: BatchNorm, momentum: number) => {
    const moments = [0, 1].map(columnMoments)
    expect(norm.movingMean.value).toBeAllClose(
      moments.map(({ mean }) => (1 - momentum) * mean),
      { absolute: 1e-6 },
    )
    expect(norm.movingVariance.value).toBeAllClose(
      moments.map(({ variance }) => momentum + (1 - momentum) * variance),
      { absolute: 1e-6 },
    )
  }

  test('training moves them by a tenth towards the biased batch statistics', () => {
    const norm = new BatchNorm({ name: 'bn', width: WIDTH })
    norm.apply(x, { training: true }).dispose()
    expectMoved(norm, 0.9)
    norm.dispose()
  })

  test('once within a gradient, and with another momentum', () => {
    const norm = new BatchNorm({ name: 'bn', width: WIDTH, momentum: 0.5 })
    tidy(() => variableGrads(() => sum(norm.apply(x, { training: true }))))
    expectMoved(norm, 0.5)
    norm.dispose()
  })

  test('inference and a frozen layer use them and change nothing', async () => {
    for (const [frozen, training] of [
      [false, false],
      [true, true],
    ] as const) {
      const norm = new BatchNorm({ name: 'bn', width: WIDTH, frozen })
      tidy(() => {
        norm.movingMean.value.assign(tensor([0.5, -1]))
        norm.movingVariance.value.assign(tensor([4, 0.25]))
        norm.scale!.value.assign(tensor([2, 3]))
        norm.offset!.value.assign(tensor([1, -1]))
      })
      const before = await moduleWeights(norm)
      tidy(() => {
        const expected = values.map((value, i) =>
          i % 2 === 0
            ? ((value - 0.5) / Math.sqrt(4 + 1e-5)) * 2 + 1
            : ((value + 1) / Math.sqrt(0.25 + 1e-5)) * 3 - 1,
        )
        expect(norm.apply(x, { training })).toBeAllClose(expected, { absolute: 1e-5 })
        const rectified = norm.apply(x, { training, residual: x, relu: true })
        expect(rectified).toBeAllClose(
          expected.map((value, i) => Math.max(0, value + values[i]!)),
          { absolute: 1e-5 },
        )
        const slope = grad((input: Tensor) => sum(norm.apply(input, { training })))(x)
        expect(slope).toBeAllClose(
          values.map((_, i) => (i % 2 === 0 ? 1 : 6)),
          { relative: 1e-4 },
        )
      })
      expect(await moduleWeights(norm)).toEqual(before)
      norm.dispose()
    }
  })

  test('of two processes are those of all rows', () => {
    const halves = [0, 1].map((rank) =>
      tensor2d(values.slice((rank * ROWS * WIDTH) / 2, ((rank + 1) * ROWS * WIDTH) / 2), [ROWS / 2, WIDTH]),
    )
    const norms = runGroup(2, 1, (communicator, rank) => {
      const norm = new BatchNorm({ name: 'bn', width: WIDTH, communicator })
      norm.apply(halves[rank]!, { training: true }).dispose()
      return norm
    })
    for (const norm of norms) expectMoved(norm, 0.9)
    for (const norm of norms) norm.dispose()
    for (const half of halves) half.dispose()
  })
})

test('scale and offset are optional and have their roles', () => {
  const full = new BatchNorm({ name: 'bn1', width: WIDTH })
  expect(full.parameters().map(({ name, role }) => [name, role])).toEqual([
    ['bn1.gamma', 'scale'],
    ['bn1.beta', 'offset'],
  ])
  const bare = new BatchNorm({ name: 'bn1', width: WIDTH, scale: false, offset: false })
  expect(bare.parameters()).toEqual([])
  const y = bare.apply(x, { training: true })
  const total = sum(y)
  expect(total).toBeAllClose([0], { absolute: 1e-5 })
  total.dispose()
  y.dispose()
  full.dispose()
  bare.dispose()
})

test('leaks nothing', () => {
  const norm = new BatchNorm({ name: 'bn', width: WIDTH })
  for (const training of [true, false]) {
    expect(() => norm.apply(x, { training, residual: x, relu: true }).dispose()).toLeakNoTensors()
  }
  norm.dispose()
  expect(() => new BatchNorm({ name: 'bn', width: WIDTH }).dispose()).toLeakNoTensors()
})
