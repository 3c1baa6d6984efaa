/** Batch normalisation over several processes: they are together what one process with all rows is. */
import { type Communicator, singleProcess } from '@simclr/core'
import { formulaValues } from '@simclr/tools/testing'
import {
  add,
  getBackend,
  grad,
  grads,
  mul,
  registerKernel,
  sum,
  type Tensor,
  tensor,
  tidy,
  unregisterKernel,
} from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { runGroup } from './__fixtures__/communicator-group.ts'
import { batchNormKernels, withoutKernels } from './__fixtures__/without-kernels.ts'
import { type BatchNormTrainingOptions, batchNormTraining } from './batch-norm-training.ts'

const WIDTH = 3
const variants = [
  { inputs: [], relu: false },
  { inputs: ['scale', 'offset'], relu: true },
  { inputs: ['scale', 'offset', 'residual'], relu: true },
  { inputs: ['scale', 'residual'], relu: false },
  { inputs: ['offset'], relu: true },
] as const
type Input = (typeof variants)[number]['inputs'][number] | 'x'

type Results = Partial<Record<'y' | Input, Float32Array>>

/** The output of the rows of `rank`, and the gradients of sum(weights · output). */
function outputAndGradients(
  { rank, rows, inputs }: { rank: number; rows: number[]; inputs: readonly Input[] },
  options: BatchNormTrainingOptions,
): Results {
  const size = rows.reduce((a, b) => a * b, 1)
  const own = (seed: number, shift: number) =>
    tensor(formulaValues(seed, size * (rank + 1), shift, 1).slice(size * rank), rows)
  const names = ['x', ...inputs] as const
  const byName = <T>(all: T[]) => Object.fromEntries(names.map((name, i) => [name, all[i]!]))
  return tidy(() => {
    const values = {
      x: own(40, 0.7),
      residual: own(43, 0),
      scale: tensor(formulaValues(12, WIDTH, 1, 0.5)),
      offset: tensor(formulaValues(13, WIDTH, 0, 0.5)),
    }
    const weights = own(50, 0)
    let y: Float32Array | undefined
    const gradients = grads((...args: Tensor[]) => {
      const { x, ...others } = byName(args)
      const output = batchNormTraining(x!, { ...options, ...others })
      y = output.dataSync<'float32'>().slice()
      return sum(mul(output, weights))
    })(names.map((name) => values[name]))
    return { y: y!, ...byName(gradients.map((gradient) => gradient.dataSync<'float32'>())) }
  })
}

function concatenated(parts: Float32Array[]): number[] {
  return parts.flatMap((part) => [...part])
}

function added(parts: Float32Array[]): number[] {
  return Array.from(parts[0]!, (_, i) => parts.reduce((total, part) => total + part[i]!, 0))
}

const kernelSets = [
  { kernels: "the engine's kernels", run: <R>(body: () => R) => body() },
  { kernels: 'composed operations', run: <R>(body: () => R) => withoutKernels(batchNormKernels, body) },
]

describe.each(kernelSets)('with $kernels', ({ run }) => {
  describe.each([2, 3])('%i processes', (size) => {
    describe.each([
      [2, 2, 1, WIDTH],
      [1, 2, 2, WIDTH],
      [4, WIDTH],
    ])('of rows [%i, %i, …]', (...rows) => {
      test.each(variants)('$inputs, relu $relu: are one process with all rows', ({ inputs, relu }) => {
        const all = [rows[0]! * size, ...rows.slice(1)]
        const members = run(() =>
          runGroup(size, 2, (communicator, rank) =>
            outputAndGradients({ rank, rows, inputs }, { relu, communicator }),
          ),
        )
        const single = run(() => outputAndGradients({ rank: 0, rows: all, inputs }, { relu }))
        expect(Object.keys(single)).toEqual(['y', 'x', ...inputs])
        for (const name of Object.keys(single) as (keyof Results)[]) {
          const combine = name === 'scale' || name === 'offset' ? added : concatenated
          const together = combine(members.map((member) => member[name]!))
          expect(together, name).toBeAllClose(single[name]!, { absolute: 1e-5 })
        }
      })
    })
  })

  test('one reduction of [2, C] in each direction, and no leaks', () => {
    const events: unknown[] = []
    const communicator = doubling((reduced) => events.push(reduced.shape))
    const x = tensor(formulaValues(1, 8 * WIDTH), [8, WIDTH])
    const forward = (x: Tensor) => {
      const y = batchNormTraining(x, { communicator, relu: true })
      events.push('forward done')
      return y
    }
    const step = () => run(() => grad(forward)(x).dispose())
    step()
    expect(events).toEqual([[2, WIDTH], 'forward done', [2, WIDTH]])
    expect(step).toLeakNoTensors()
    expect(() => run(() => forward(x).dispose())).toLeakNoTensors()
    x.dispose()
  })

  test('constant channels give the offset, where rounding makes their variance negative', () => {
    const width = 64
    const row = formulaValues(5, width, 150, 20)
    const offset = formulaValues(6, width)
    const [first] = run(() =>
      runGroup(7, 1, (communicator) =>
        tidy(() => {
          const x = tensor([...row, ...row], [2, width])
          return batchNormTraining(x, { offset: tensor(offset), communicator }).dataSync<'float32'>()
        }),
      ),
    )
    expect(first!.every(Number.isFinite)).toBe(true)
    expect(first!).toBeAllClose([...offset, ...offset], { absolute: 0.05 })
  })
})

test("an engine's kernels are used if it has all of them", () => {
  const backendName = getBackend()
  const parts = batchNormKernels.slice(2)
  const calls: string[] = []
  const register = (kernelName: string) =>
    registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs }) => {
        const attributes = Object.entries(attrs ?? {}).map(([name, value]) => `${name} ${value}`)
        calls.push(`${kernelName}(${Object.keys(inputs).sort().join(' ')}) ${attributes.join(' ')}`.trim())
        const whole = () => tensor(new Float32Array(4 * WIDTH), [4, WIDTH])
        const perChannel = () => tensor(new Float32Array(WIDTH))
        const outputs: Record<string, () => Tensor | Tensor[]> = {
          BatchNormMoments: () => [perChannel(), perChannel()],
          BatchNormGradSums: () => [whole(), perChannel(), perChannel()],
        }
        return (outputs[kernelName] ?? whole)()
      },
    })
  const step = () =>
    outputAndGradients(
      { rank: 0, rows: [4, WIDTH], inputs: ['scale', 'offset', 'residual'] },
      { relu: true, communicator: doubling() },
    )
  withoutKernels(batchNormKernels, () => {
    const registered: string[] = []
    try {
      for (const name of parts) {
        step()
        expect(calls).toEqual([])
        register(name)
        registered.push(name)
      }
      step()
    } finally {
      for (const name of registered) unregisterKernel(name, backendName)
    }
  })
  expect(calls).toEqual([
    'BatchNormMoments(x)',
    'BatchNormNormalize(inverseDeviation mean offset residual scale x) relu true',
    'BatchNormGradSums(dy inverseDeviation mean x y) discardsY true',
    'BatchNormInputGrad(dOutput inverseDeviation mean meanOffset meanScale scale x) discardsOutputGradient false',
  ])
})

/** A member of a group of two, whose other member has the same rows. */
function doubling(observe: (reduced: Tensor) => void = () => {}): Communicator {
  return {
    ...singleProcess,
    size: 2,
    allReduceSum: <T extends Tensor>(reduced: T): T => {
      observe(reduced)
      return add(reduced, reduced) as T
    },
  }
}
