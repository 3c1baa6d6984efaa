import { RandomKey, SimclrError } from '@simclr/core'
import { describe, expect, it } from 'vitest'
import { principalComponents } from './principal-components.ts'
import { type Projection, projectTwoDimensions } from './project-two-dimensions.ts'
import { tSne } from './t-sne.ts'

const ROWS = 240
const WIDTH = 16
const CLASSES = 6
const key = RandomKey.fromSeed(3)

/** Rows around six random directions, class of row i = i mod 6. */
function clusters(noise: number): Float32Array {
  return Float32Array.from({ length: ROWS * WIDTH }, (_, i) => {
    const centre = key.fold(Math.floor(i / WIDTH) % CLASSES).normal(i % WIDTH)
    return centre + noise * key.fold('noise').normal(i)
  })
}

/** Share of points whose nearest neighbour in the plane is of the same class. */
function neighbourPurity({ x, y }: Projection): number {
  let same = 0
  for (let i = 0; i < ROWS; i++) {
    let nearest = -1
    let best = Infinity
    for (let j = 0; j < ROWS; j++) {
      const distance = (x[i]! - x[j]!) ** 2 + (y[i]! - y[j]!) ** 2
      if (j === i || distance >= best) continue
      nearest = j
      best = distance
    }
    if (nearest % CLASSES === i % CLASSES) same++
  }
  return same / ROWS
}

describe('projectTwoDimensions', () => {
  it('keeps clear clusters together by t-SNE', () => {
    const projection = projectTwoDimensions(clusters(0.3), WIDTH)
    expect(projection.method).toBe('t-sne')
    expect(neighbourPurity(projection)).toBeGreaterThan(0.99)
  })

  it('places by PCA better than chance, and t-SNE better than PCA where six clusters do not fit in a plane', () => {
    const pca = neighbourPurity(projectTwoDimensions(clusters(0.6), WIDTH, { method: 'pca' }))
    expect(pca).toBeGreaterThan(2 / CLASSES)
    expect(neighbourPurity(projectTwoDimensions(clusters(0.6), WIDTH))).toBeGreaterThan(pca)
  })

  it('gives the same map twice, and for rows of other lengths', () => {
    const features = clusters(0.5)
    const once = projectTwoDimensions(features, WIDTH)
    expect(projectTwoDimensions(features, WIDTH)).toEqual(once)
    expect(
      projectTwoDimensions(
        features.map((value) => value * 4),
        WIDTH,
      ),
    ).toEqual(once)
  })

  it.each([0, 1, 2, 5])('falls back to finite PCA coordinates for %i rows', (rows) => {
    const { x, y, method } = projectTwoDimensions(clusters(1).slice(0, rows * WIDTH), WIDTH)
    expect([x.length, y.length, method]).toEqual([rows, rows, 'pca'])
    expect([...x, ...y].every(Number.isFinite)).toBe(true)
  })

  it('lays out identical rows and rows of zeros without NaN', () => {
    const { x, y } = projectTwoDimensions(new Float32Array(20 * WIDTH), WIDTH)
    expect([...x, ...y].every(Number.isFinite)).toBe(true)
  })

  it('refuses broken rows and values that are not finite', () => {
    expect(() => projectTwoDimensions(new Float32Array(7), 3)).toThrow(SimclrError)
    expect(() => projectTwoDimensions(new Float32Array(6), 0)).toThrow(SimclrError)
    expect(() => projectTwoDimensions(Float32Array.of(1, Number.NaN), 2)).toThrow('The encoder diverged')
  })
})

it('principalComponents finds the axes of a stretched cloud, in order', () => {
  const features = Float32Array.from({ length: 300 * 3 }, (_, i) => key.normal(i) * [1, 5, 0.2][i % 3]! + 7)
  const [first, second] = principalComponents(features, 3, 2, key)
  const column = (j: number): number[] => Array.from({ length: 300 }, (_, row) => features[row * 3 + j]!)
  expect(Math.abs(correlation(first!, column(1)))).toBeGreaterThan(0.99)
  expect(Math.abs(correlation(second!, column(0)))).toBeGreaterThan(0.99)
  expect(Math.abs(correlation(first!, [...second!]))).toBeLessThan(1e-6)
})

it('tSne treats both axes alike: swapping them in the start swaps them in the layout', () => {
  const count = 30
  const x = Float64Array.from({ length: count }, (_, i) => Math.sin(i * i))
  const y = x.toReversed()
  const distances = Float64Array.from({ length: count ** 2 }, (_, k) => {
    const [i, j] = [Math.floor(k / count), k % count]
    return (x[i]! - x[j]!) ** 2 + (y[i]! - y[j]!) ** 2
  })
  const plane = tSne(distances, { x, y }, { iterations: 12 })
  const swapped = tSne(distances, { x: y, y: x }, { iterations: 12 })
  expect([...swapped.x]).toEqual([...plane.y].map((value) => expect.closeTo(value, 6)))
  expect(Math.max(...plane.y)).toBeGreaterThan(10 * 1e-4)
})

function correlation(a: ArrayLike<number>, b: readonly number[]): number {
  const mean = (values: ArrayLike<number>): number =>
    Array.from(values).reduce((sum, value) => sum + value, 0) / values.length
  const [meanA, meanB] = [mean(a), mean(b)]
  const product = (p: ArrayLike<number>, mp: number, q: ArrayLike<number>, mq: number): number =>
    Array.from(p).reduce((sum, value, i) => sum + (value - mp) * (q[i]! - mq), 0)
  return product(a, meanA, b, meanB) / Math.sqrt(product(a, meanA, a, meanA) * product(b, meanB, b, meanB))
}
