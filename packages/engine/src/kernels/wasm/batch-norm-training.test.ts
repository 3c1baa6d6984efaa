/** The batch normalisation kernels against the definition in float64, and its gradient against finite differences. */
import { formulaValues } from '@simclr/tools/testing'
import { engine, type NamedTensorMap, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { useEngine } from '../../index.ts'

const EPSILON = 1e-3

/** Channel counts below, at and beside four; sizes that leave a rest. */
const SHAPES = [
  [7, 3],
  [5, 1],
  [3, 2, 3, 6],
  [2, 2, 2, 8],
  [5, 10],
]
const VARIANTS = [
  { names: [], relu: false },
  { names: ['scale', 'offset'], relu: true },
  { names: ['scale', 'offset', 'residual'], relu: true },
  { names: ['offset', 'residual'], relu: false },
] as const

type Name = 'x' | 'scale' | 'offset' | 'residual'
type Values = Record<Name, Float32Array>

function valuesFor(shape: readonly number[]): Values {
  const channels = shape.at(-1)!
  const size = shape.reduce((a, b) => a * b, 1)
  return {
    x: formulaValues(1, size, 3, 1),
    scale: formulaValues(2, channels, 1, 0.5),
    offset: formulaValues(3, channels, 0, 0.5),
    residual: formulaValues(4, size),
  }
}

function definition(values: Values, channels: number, names: readonly string[], relu: boolean) {
  const rows = values.x.length / channels
  const y = new Float64Array(values.x.length)
  const means: number[] = []
  const inverses: number[] = []
  for (let c = 0; c < channels; c++) {
    const column = Array.from({ length: rows }, (_, row) => values.x[row * channels + c]!)
    const mean = column.reduce((a, b) => a + b, 0) / rows
    const variance = column.reduce((a, b) => a + (b - mean) ** 2, 0) / rows
    means.push(mean)
    inverses.push(1 / Math.sqrt(variance + EPSILON))
    column.forEach((value, row) => {
      const i = row * channels + c
      let result = (value - mean) * inverses[c]!
      if (names.includes('scale')) result *= values.scale[c]!
      if (names.includes('offset')) result += values.offset[c]!
      if (names.includes('residual')) result += values.residual[i]!
      y[i] = relu ? Math.max(result, 0) : result
    })
  }
  return { y, means, inverses }
}

function tensorsOf(values: Values, shape: number[], names: readonly Name[]): NamedTensorMap {
  const shapeOf = (name: Name) => (name === 'scale' || name === 'offset' ? [shape.at(-1)!] : shape)
  return Object.fromEntries(names.map((name) => [name, tensor(values[name], shapeOf(name))]))
}

const run = (kernel: string, inputs: NamedTensorMap, attributes: object) =>
  engine().runKernel<Tensor[]>(kernel, inputs, attributes as Record<string, number | boolean>)

beforeAll(async () => {
  await useEngine('wasm')
})

describe.each(SHAPES)('shape [%i, %i, …]', (...shape) => {
  const channels = shape.at(-1)!
  const values = valuesFor(shape)

  test.each(VARIANTS)('$names, relu $relu: the definition', ({ names, relu }) => {
    tidy(() => {
      const inputs = tensorsOf(values, shape, ['x', ...names])
      const [y, mean, inverse] = run('BatchNormTraining', inputs, { epsilon: EPSILON, relu })
      const expected = definition(values, channels, names, relu)
      expect(y!.shape).toEqual(shape)
      expect(y!).toBeAllClose(expected.y, { absolute: 5e-6 })
      expect(mean!).toBeAllClose(expected.means, { relative: 1e-6 })
      expect(inverse!).toBeAllClose(expected.inverses, { relative: 1e-6 })
    })
  })

  test.each(VARIANTS)('$names, relu $relu: finite differences', ({ names, relu }) => {
    tidy(() => {
      const hasResidual = (names as readonly string[]).includes('residual')
      const inputs = tensorsOf(values, shape, ['x', ...names])
      const [y, mean, inverseDeviation] = run('BatchNormTraining', inputs, { epsilon: EPSILON, relu })
      const weights = formulaValues(9, values.x.length)
      const { x, scale } = inputs
      const given = { dy: tensor(weights, shape), x, ...(scale && { scale }), ...(relu && { y }) }
      const results = run('BatchNormTrainingGrad', { ...given, mean, inverseDeviation } as NamedTensorMap, {
        epsilon: EPSILON,
        relu,
        hasResidual,
      })
      const loss = (changed: Values) =>
        definition(changed, channels, names, relu).y.reduce((sum, value, i) => sum + value * weights[i]!, 0)
      const gradientOf = ['x', 'scale', 'offset', 'residual'] as const
      expect(results).toHaveLength(hasResidual ? 4 : 3)
      results.forEach((result, i) => {
        const name = gradientOf[i]!
        if (name !== 'x' && !(names as readonly string[]).includes(name)) return
        expect(result, name).toBeAllClose(finiteDifferences(loss, values, name), {
          absolute: 2e-3,
          relative: 2e-3,
        })
      })
    })
  })

  test('nothing leaks', () => {
    const inputs = tensorsOf(values, shape, ['x', 'scale', 'offset', 'residual'])
    expect(() => {
      const outputs = run('BatchNormTraining', inputs, { epsilon: EPSILON, relu: true })
      const [y, mean, inverseDeviation] = outputs as [Tensor, Tensor, Tensor]
      const { x, scale } = inputs as Record<'x' | 'scale', Tensor>
      const given = { dy: x, y, x, scale, mean, inverseDeviation }
      for (const hasResidual of [false, true]) {
        outputs.push(...run('BatchNormTrainingGrad', given, { epsilon: EPSILON, relu: true, hasResidual }))
      }
      for (const output of outputs) output.dispose()
    }).toLeakNoTensors()
    for (const input of Object.values(inputs)) input.dispose()
  })
})

test('the variance of values far from 0 keeps its digits, and a constant channel has none', () => {
  tidy(() => {
    const x = tensor([1000.5, 7, 1001, 7, 1001.5, 7, 1002, 7], [4, 2])
    const [y, , inverse] = run('BatchNormTraining', { x }, { epsilon: EPSILON, relu: false })
    expect(inverse!).toBeAllClose([1 / Math.sqrt(0.3125 + EPSILON), 1 / Math.sqrt(EPSILON)], {
      relative: 1e-6,
    })
    expect(y!).toBeAllClose([-1.33949, 0, -0.4465, 0, 0.4465, 0, 1.33949, 0], { absolute: 1e-4 })
  })
})

test('NaN in one channel makes that channel NaN, through the ReLU too', () => {
  tidy(() => {
    const x = tensor([1, Number.NaN, 2, 3, 4, 5], [3, 2])
    const [y] = run('BatchNormTraining', { x }, { epsilon: EPSILON, relu: true })
    const isNaNAt = [...y!.dataSync()].map(Number.isNaN)
    expect(isNaNAt).toEqual([false, true, false, true, false, true])
  })
})

function finiteDifferences(loss: (values: Values) => number, values: Values, name: Name): Float64Array {
  const step = 2 ** -10
  return Float64Array.from(values[name], (_, i) => {
    const at = (direction: number) => {
      const changed = { ...values, [name]: values[name].slice() }
      changed[name][i]! += direction * step
      return { value: loss(changed), position: changed[name][i]! }
    }
    const [up, down] = [at(1), at(-1)]
    return (up.value - down.value) / (up.position - down.position)
  })
}
