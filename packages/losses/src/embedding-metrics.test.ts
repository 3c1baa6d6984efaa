/** Alignment, uniformity, spread and effective rank against plain loops and closed forms. */
import { formulaValues } from '@simclr/tools/testing'
import { eye, fill, matMul, type Tensor, type Tensor2D, tensor2d, transpose } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { alignment } from './alignment.ts'
import { effectiveRank } from './effective-rank.ts'
import { embeddingSpread } from './embedding-spread.ts'
import { symmetricEigenvalues } from './symmetric-eigenvalues.ts'
import { uniformity } from './uniformity.ts'

const value = (scalar: Tensor): number => scalar.dataSync()[0]!
const random = (seed: number, rows: number, width: number): Tensor2D =>
  tensor2d(formulaValues(seed, rows * width), [rows, width])
const unitRows = (rows: Tensor2D): number[][] =>
  (rows.arraySync() as number[][]).map((row) => row.map((x) => x / Math.hypot(...row)))
const squaredDistance = (a: number[], b: number[]): number =>
  a.reduce((sum, x, d) => sum + (x - b[d]!) ** 2, 0)

describe('alignment', () => {
  it.each([2, 1, 3])('is the mean of the distances of the views to the power of %d', (exponent) => {
    const hidden = random(1, 10, 4)
    const rows = unitRows(hidden)
    const distances = [0, 1, 2, 3, 4].map((i) => squaredDistance(rows[i]!, rows[i + 5]!) ** (exponent / 2))
    const expected = distances.reduce((sum, x) => sum + x) / 5
    expect(value(alignment(hidden, { exponent }))).toBeCloseTo(expected, 5)
  })

  it('is 0 for equal and 4 for opposite views', () => {
    expect(
      value(
        alignment(
          tensor2d([
            [1, 2],
            [1, 2],
          ]),
        ),
      ),
    ).toBeCloseTo(0, 6)
    expect(
      value(
        alignment(
          tensor2d([
            [1, 2],
            [-2, -4],
          ]),
        ),
      ),
    ).toBeCloseTo(4, 5)
  })

  it('refuses an odd number of rows and an exponent of 0', () => {
    expect(() => alignment(random(1, 3, 2))).toThrow(/\[3, 2\]/)
    expect(() => alignment(random(1, 4, 2), { exponent: 0 })).toThrow(/exponent.*got 0/)
  })
})

describe('uniformity', () => {
  it.each([2, 0.5])('is the log of the mean Gaussian potential of pairs at sharpness %d', (sharpness) => {
    const rows = random(2, 9, 4)
    const points = unitRows(rows)
    const potentials = points.flatMap((a, i) =>
      points.slice(i + 1).map((b) => Math.exp(-sharpness * squaredDistance(a, b))),
    )
    const expected = Math.log(potentials.reduce((sum, x) => sum + x) / potentials.length)
    expect(value(uniformity(rows, { sharpness }))).toBeCloseTo(expected, 5)
  })

  it('is 0 when all rows agree', () => {
    expect(value(uniformity(fill([5, 3], 0.2) as Tensor2D))).toBeCloseTo(0, 5)
  })

  it('refuses one row', () => {
    expect(() => uniformity(random(1, 1, 3))).toThrow(/at least 2 rows.*got 1/)
    expect(() => uniformity(random(1, 3, 3), { sharpness: Number.NaN })).toThrow(/sharpness.*got NaN/)
  })
})

describe('embeddingSpread', () => {
  it('is the mean standard deviation of the normalised dimensions', () => {
    const rows = random(3, 11, 4)
    const points = unitRows(rows)
    const deviations = [0, 1, 2, 3].map((d) => {
      const column = points.map((point) => point[d]!)
      const mean = column.reduce((sum, x) => sum + x) / 11
      return Math.sqrt(column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 10)
    })
    expect(value(embeddingSpread(rows))).toBeCloseTo(deviations.reduce((sum, x) => sum + x) / 4, 6)
  })

  it('is 0 for a collapse and near 1/√D for even spread', () => {
    expect(value(embeddingSpread(fill([6, 8], 0.7) as Tensor2D))).toBeCloseTo(0, 6)
    expect(value(embeddingSpread(random(4, 512, 16)))).toBeCloseTo(1 / 4, 2)
  })

  it('refuses one row', () => {
    expect(() => embeddingSpread(random(1, 1, 3))).toThrow(/at least 2 rows.*got 1/)
  })
})

describe('effectiveRank', () => {
  it.each([
    ['equal singular values', eye(5, 5) as Tensor2D, 5],
    ['rows on a line', matMul(random(5, 40, 1), random(6, 1, 30)) as Tensor2D, 1],
    [
      'singular values 3 and 1',
      tensor2d([
        [3, 0],
        [0, 1],
        [0, 0],
      ]),
      4 / 3 ** 0.75,
    ],
    ['zero rows', fill([4, 3], 0) as Tensor2D, 0],
  ])('%s', async (_, rows, expected) => {
    expect(await effectiveRank(rows)).toBeCloseTo(expected, 4)
  })

  it('does not change when rows become columns', async () => {
    const rows = random(7, 12, 30)
    expect(await effectiveRank(rows)).toBeCloseTo(await effectiveRank(transpose(rows)), 3)
  })

  it('is NaN for a NaN and refuses an empty matrix', async () => {
    expect(
      await effectiveRank(
        tensor2d([
          [1, Number.NaN],
          [2, 3],
        ]),
      ),
    ).toBeNaN()
    await expect(effectiveRank(tensor2d([], [0, 3]))).rejects.toThrow(/at least one row/)
  })
})

describe('symmetricEigenvalues', () => {
  it.each([1, 2, 3, 10, 50])('of the second difference matrix of size %i are 2 − 2 cos(kπ/(n+1))', (size) => {
    const matrix = new Float64Array(size * size)
    for (let i = 0; i < size; i++) {
      matrix[i * size + i] = 2
      if (i > 0) matrix[i * size + i - 1] = matrix[(i - 1) * size + i] = -1
    }
    const expected = Array.from(
      { length: size },
      (_, k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (size + 1)),
    )
    expect(symmetricEigenvalues(matrix, size)).toBeAllClose(expected, { absolute: 1e-13 })
  })

  it('of a dense matrix Q diag(λ) Qᵀ are λ, repeated ones and zeros included', () => {
    const eigenvalues = [-3, 0, 0, 1, 1, 2, 10]
    const size = eigenvalues.length
    const v = Array.from(formulaValues(8, size))
    const squared = v.reduce((sum, x) => sum + x * x, 0)
    const q = (i: number, j: number): number => (i === j ? 1 : 0) - (2 * v[i]! * v[j]!) / squared
    const matrix = Float64Array.from({ length: size * size }, (_, at) =>
      eigenvalues.reduce((sum, value, k) => sum + q(Math.floor(at / size), k) * value * q(at % size, k), 0),
    )
    expect(symmetricEigenvalues(matrix, size)).toBeAllClose(eigenvalues, { absolute: 1e-13 })
  })
})

it('the metrics leak no tensors', async () => {
  const rows = random(9, 6, 4)
  for (const metric of [alignment, uniformity, embeddingSpread]) {
    expect(() => metric(rows).dispose()).toLeakNoTensors()
  }
})
