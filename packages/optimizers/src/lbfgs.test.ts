import { expect, test } from 'vitest'
import { type Evaluation, lbfgs } from './lbfgs.ts'

/** Rosenbrock's valley in 2k dimensions: minimum 0 at (1, …, 1). */
function rosenbrock(x: Float64Array): Evaluation {
  const gradient = new Float64Array(x.length)
  let value = 0
  for (let i = 0; i < x.length; i += 2) {
    const [a, b] = [x[i]!, x[i + 1]!]
    value += (1 - a) ** 2 + 100 * (b - a * a) ** 2
    gradient[i] = -2 * (1 - a) - 400 * a * (b - a * a)
    gradient[i + 1] = 200 * (b - a * a)
  }
  return { value, gradient }
}

/** ½Σ cᵢ(xᵢ − i)², with curvatures c from 1 to `condition`. */
function quadratic(size: number, condition: number) {
  return (x: Float64Array): Evaluation => {
    const curvature = (i: number): number => condition ** (i / (size - 1))
    const value = x.reduce((total, xi, i) => total + 0.5 * curvature(i) * (xi - i) ** 2, 0)
    return { value, gradient: x.map((xi, i) => curvature(i) * (xi - i)) }
  }
}

test('finds the minimum of Rosenbrock’s valley', async () => {
  const start = Float64Array.of(-1.2, 1, -1.2, 1, 2, -3)
  const { point, gradientNorm, stopped, iterations, evaluations } = await lbfgs(rosenbrock, start, {
    tolerance: 1e-9,
  })
  expect(stopped).toBe('tolerance')
  expect(gradientNorm).toBeLessThanOrEqual(1e-9)
  expect(point).toBeAllClose([1, 1, 1, 1, 1, 1], { absolute: 1e-9 })
  expect(iterations).toBeLessThan(120)
  expect(evaluations).toBeLessThan(2 * iterations)
  expect(start).toEqual(Float64Array.of(-1.2, 1, -1.2, 1, 2, -3))
})

test('finds the minimum of an ill-conditioned quadratic', async () => {
  const { point, stopped } = await lbfgs(quadratic(50, 1e3), new Float64Array(50), { tolerance: 1e-8 })
  expect(stopped).toBe('tolerance')
  expect(point).toBeAllClose(
    Float64Array.from({ length: 50 }, (_, i) => i),
    { absolute: 1e-7 },
  )
})

test('stops by the norm that the objective states', async () => {
  const scale = 1e4
  const stretched = (x: Float64Array): Evaluation => {
    const { value, gradient } = rosenbrock(x.map((xi) => xi / scale))
    const gradientNorm = Math.max(...gradient.map(Math.abs))
    return { value, gradient: gradient.map((g) => g / scale), gradientNorm }
  }
  const { point, gradientNorm, stopped } = await lbfgs(stretched, Float64Array.of(-1.2 * scale, scale), {
    tolerance: 1e-9,
  })
  expect(stopped).toBe('tolerance')
  expect(gradientNorm).toBe(stretched(point).gradientNorm)
  expect(gradientNorm).toBeLessThanOrEqual(1e-9)
})

test('awaits objectives that return promises', async () => {
  const { point } = await lbfgs(async (x) => quadratic(2, 10)(x), Float64Array.of(5, 5))
  expect(point).toBeAllClose([0, 1], { absolute: 1e-5 })
})

test('stops as stalled where rounding hides any decrease', async () => {
  const exact = quadratic(20, 100)
  const rounded = (x: Float64Array): Evaluation => {
    const { value, gradient } = exact(x)
    return {
      value: Math.fround(1 + value),
      gradient: gradient.map((g, i) => g + 1e-5 * Math.sin(1e7 * x[i]!)),
    }
  }
  const { point, stopped, iterations } = await lbfgs(rounded, new Float64Array(20), {
    tolerance: 0,
    precision: 1e-7,
  })
  expect(stopped).toBe('stalled')
  expect(iterations).toBeLessThan(200)
  expect(point).toBeAllClose(
    Float64Array.from({ length: 20 }, (_, i) => i),
    { absolute: 1e-3 },
  )
})

test('reports that it ran out of iterations, and does nothing at a minimum', async () => {
  const short = await lbfgs(rosenbrock, Float64Array.of(-1.2, 1), { maxIterations: 3 })
  expect(short).toMatchObject({ stopped: 'iterations', iterations: 3 })
  const minimum = await lbfgs(rosenbrock, Float64Array.of(1, 1))
  expect(minimum).toMatchObject({ stopped: 'tolerance', iterations: 0, evaluations: 1 })
})

test('walks back from points where the objective is not finite', async () => {
  const barrier = ([x]: Float64Array): Evaluation => ({
    value: x! > 0 ? 100 * x! - Math.log(x!) : Number.NaN,
    gradient: Float64Array.of(100 - 1 / x!),
  })
  const { point } = await lbfgs(barrier, Float64Array.of(0.5))
  expect(point).toBeAllClose([0.01], { absolute: 1e-8 })
})

test.each([
  [{ tolerance: -1 }, 'tolerance'],
  [{ maxIterations: 1.5 }, 'maxIterations'],
  [{ history: 0 }, 'history'],
  [{ precision: 2 }, 'precision'],
])('rejects %o', async (options, message) => {
  await expect(lbfgs(rosenbrock, Float64Array.of(0, 0), options)).rejects.toThrow(message)
})

test('rejects a start where the objective is not finite', async () => {
  await expect(lbfgs(rosenbrock, Float64Array.of(Number.NaN, 0))).rejects.toThrow('finite at the start')
})
