/** Batch normalisation of a training step: values, gradients, and the kernels of an engine. */
import { formulaValues } from '@simclr/tools/testing'
import {
  getBackend,
  getKernel,
  grads,
  mul,
  registerKernel,
  sum,
  type Tensor,
  tensor,
  tidy,
  unregisterKernel,
} from '@tensorflow/tfjs-core'
import { afterAll, describe, expect, test } from 'vitest'
import { batchNormKernels, withoutKernels } from './__fixtures__/without-kernels.ts'
import { type BatchNormTrainingOptions, batchNormTraining } from './batch-norm-training.ts'

const WIDTH = 3
const shapes = [
  [2, 3, 2, WIDTH],
  [7, WIDTH],
]
/** Which inputs there are besides x, and whether ReLU follows. */
const variants = [
  { inputs: [], relu: false },
  { inputs: ['scale', 'offset'], relu: true },
  { inputs: ['scale'], relu: false },
  { inputs: ['scale', 'offset', 'residual'], relu: true },
  { inputs: ['offset', 'residual'], relu: false },
] as const

type Values = Record<'x' | 'scale' | 'offset' | 'residual', Float32Array>

function valuesFor(shape: number[], seed = 1): Values {
  const size = shape.reduce((a, b) => a * b, 1)
  return {
    x: formulaValues(seed, size, 0.3, 1),
    scale: formulaValues(12, WIDTH, 1, 0.5),
    offset: formulaValues(13, WIDTH, 0, 0.5),
    residual: formulaValues(seed + 3, size),
  }
}

/** The definition, in float64 and without any shortcut. */
function reference(values: Values, inputs: readonly string[], relu: boolean): Float64Array {
  const rows = values.x.length / WIDTH
  const y = new Float64Array(values.x.length)
  for (let c = 0; c < WIDTH; c++) {
    const column = Array.from({ length: rows }, (_, row) => values.x[row * WIDTH + c]!)
    const mean = column.reduce((a, b) => a + b, 0) / rows
    const variance = column.reduce((a, b) => a + (b - mean) ** 2, 0) / rows
    column.forEach((value, row) => {
      const i = row * WIDTH + c
      let result = (value - mean) / Math.sqrt(variance + 1e-5)
      if (inputs.includes('scale')) result *= values.scale[c]!
      if (inputs.includes('offset')) result += values.offset[c]!
      if (inputs.includes('residual')) result += values.residual[i]!
      y[i] = relu ? Math.max(result, 0) : result
    })
  }
  return y
}

/** Output and gradients of sum(weights · y) with respect to x and each of `inputs`. */
function outputAndGradients(
  values: Values,
  shape: number[],
  inputs: readonly (keyof Values)[],
  options: BatchNormTrainingOptions,
  weightSeed = 20,
): Float32Array[] {
  return tidy(() => {
    const names = ['x', ...inputs] as const
    const weights = tensor(formulaValues(weightSeed, values.x.length), shape)
    const forward = (...args: Tensor[]) =>
      batchNormTraining(args[0]!, {
        ...options,
        ...Object.fromEntries(names.map((name, i) => [name, args[i]])),
      })
    const args = names.map((name) =>
      tensor(values[name], name === 'x' || name === 'residual' ? shape : [WIDTH]),
    )
    const gradients = grads((...args: Tensor[]) => sum(mul(forward(...args), weights)))(args)
    return [forward(...args), ...gradients].map((result) => result.dataSync<'float32'>())
  })
}

describe.each(shapes)('shape [%i, %i, …]', (...shape) => {
  const values = valuesFor(shape)

  test.each(variants)('$inputs, relu $relu: values are those of the definition', ({ inputs, relu }) => {
    const [y] = outputAndGradients(values, shape, inputs, { relu })
    expect(y!).toBeAllClose(reference(values, inputs, relu), { absolute: 2e-6 })
  })

  test.each(variants)('$inputs, relu $relu: gradients are finite differences', ({ inputs, relu }) => {
    const [, ...gradients] = outputAndGradients(values, shape, inputs, { relu })
    const weights = formulaValues(20, values.x.length)
    const loss = (changed: Values) =>
      reference(changed, inputs, relu).reduce((total, y, i) => total + y * weights[i]!, 0)
    ;(['x', ...inputs] as const).forEach((name, i) => {
      expect(gradients[i]!, name).toBeAllClose(finiteDifferences(loss, values, name), { relative: 1e-3 })
    })
  })
})

/** Central differences in float64: the definition keeps its precision where float32 values are stepped exactly. */
function finiteDifferences(
  loss: (values: Values) => number,
  values: Values,
  name: keyof Values,
): Float64Array {
  const step = 2 ** -12
  return Float64Array.from(values[name], (_, i) => {
    const moved = (direction: number) => {
      const copy = values[name].slice()
      copy[i] = copy[i]! + direction * step
      return { copy, at: copy[i]! }
    }
    const [up, down] = [moved(1), moved(-1)]
    return (loss({ ...values, [name]: up.copy }) - loss({ ...values, [name]: down.copy })) / (up.at - down.at)
  })
}

test('statistics are reported once, with the biased variance, and disposed', () => {
  const values = valuesFor([7, WIDTH])
  const reported: Float32Array[] = []
  const x = tensor(values.x, [7, WIDTH])
  const run = () =>
    batchNormTraining(x, {
      onStatistics: (mean, inverseDeviation) => {
        reported.push(mean.dataSync<'float32'>().slice(), inverseDeviation.dataSync<'float32'>().slice())
      },
    }).dispose()
  run()
  expect(reported).toHaveLength(2)
  const first = Array.from({ length: 7 }, (_, row) => values.x[row * WIDTH]!)
  const mean = first.reduce((a, b) => a + b, 0) / 7
  const variance = first.reduce((a, b) => a + (b - mean) ** 2, 0) / 7
  expect(reported[0]![0]).toBeCloseTo(mean, 5)
  expect(reported[1]![0]).toBeCloseTo(1 / Math.sqrt(variance + 1e-5), 4)
  expect(run).toLeakNoTensors()
  x.dispose()
})

test('a constant channel gives the offset, without NaN', () => {
  tidy(() => {
    const x = tensor(new Float32Array(8).fill(5), [4, 2])
    const y = batchNormTraining(x, { offset: tensor([0.25, -1]) })
    expect(y).toBeAllClose([0.25, -1, 0.25, -1, 0.25, -1, 0.25, -1], { absolute: 1e-3 })
  })
})

test('one row is refused', () => {
  tidy(() => {
    const x = tensor([[1, 2]])
    expect(() => batchNormTraining(x)).toThrow(/at least two rows.*shape \[1, 2\].*two or more images/)
  })
})

describe("an engine's own kernels", () => {
  const backendName = getBackend()
  const names = ['BatchNormTraining', 'BatchNormTrainingGrad'] as const
  const own = names.map((name) => getKernel(name, backendName))
  const restore = () => {
    names.forEach((name, i) => {
      if (getKernel(name, backendName) !== undefined) unregisterKernel(name, backendName)
      if (own[i] !== undefined) registerKernel(own[i])
    })
  }
  afterAll(restore)

  test.each(variants)(
    '$inputs, relu $relu: used where registered, with equal results',
    ({ inputs, relu }) => {
      const shape = shapes[0]!
      const values = valuesFor(shape)
      const withOwn = outputAndGradients(values, shape, inputs, { relu })
      const composed = withoutKernels(batchNormKernels, () =>
        outputAndGradients(values, shape, inputs, { relu }),
      )
      composed.forEach((expected, i) => {
        expect(withOwn[i]!).toBeAllClose(expected, { absolute: 1e-6, relative: 1e-5 })
      })
    },
  )

  test('get the agreed inputs and attributes', () => {
    for (const name of names) if (getKernel(name, backendName)) unregisterKernel(name, backendName)
    const calls: { kernel: string; inputs: string[]; attrs: object }[] = []
    names.forEach((kernelName, i) => {
      registerKernel({
        kernelName,
        backendName,
        kernelFunc: ({ inputs, attrs }) => {
          calls.push({ kernel: kernelName, inputs: Object.keys(inputs).sort(), attrs: { ...attrs } })
          const like = (name: string) =>
            tensor(new Float32Array(inputs[name]!.shape.reduce((a, b) => a * b, 1)), inputs[name]!.shape)
          const perChannel = () => tensor(new Float32Array(WIDTH))
          return i === 0
            ? [like('x'), perChannel(), perChannel()]
            : [like('x'), perChannel(), perChannel(), like('x')]
        },
      })
    })
    const inputs = ['scale', 'offset', 'residual'] as const
    outputAndGradients(valuesFor([7, WIDTH]), [7, WIDTH], inputs, { relu: true })
    restore()
    expect(calls.slice(0, 2)).toEqual([
      {
        kernel: 'BatchNormTraining',
        inputs: ['offset', 'residual', 'scale', 'x'],
        attrs: { epsilon: 1e-5, relu: true },
      },
      {
        kernel: 'BatchNormTrainingGrad',
        inputs: ['dy', 'inverseDeviation', 'mean', 'scale', 'x', 'y'],
        attrs: { epsilon: 1e-5, relu: true, hasResidual: true, discardsY: true },
      },
    ])
  })
})
