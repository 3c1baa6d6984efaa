/**
 * Calls of kernels with random shapes, types and attributes, past the checks of tfjs's operations, a fifth of them made
 * wrong: each either equals tfjs's cpu backend or throws an Error. Kernels are called by name.
 */
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Draw, type TensorSpec } from './__fixtures__/draw.ts'
import { elementwiseCases } from './__fixtures__/elementwise-cases.ts'
import { type KernelCase, spoil } from './__fixtures__/kernel-case.ts'
import { movementCases } from './__fixtures__/movement-cases.ts'
import { reductionCases } from './__fixtures__/reduction-cases.ts'
import { testingLibrary } from './__fixtures__/testing-library.ts'
import { windowCases } from './__fixtures__/window-cases.ts'
import { liveHandles, registerLibtorch } from './register-libtorch.ts'

const CASES_PER_KERNEL = Number(process.env.CASES ?? 20)
/** Of one element: float32 functions differ in their last digits, and sums in their order. */
const TOLERANCE = { absolute: 1e-5, relative: 1e-5 }

const generators = { ...elementwiseCases, ...reductionCases, ...movementCases, ...windowCases }
const library = testingLibrary()

interface Output {
  readonly shape: readonly number[]
  readonly dtype: string
  readonly values: readonly number[]
}

describe.skipIf(library === undefined)(
  'random calls of kernels equal the cpu backend or throw an Error',
  () => {
    let cases = 0
    beforeAll(async () => {
      registerLibtorch({ library: library! })
      await tf.setBackend('libtorch')
    })
    afterAll(() => expect(cases).toBeGreaterThanOrEqual(2000))

    it.each(Object.keys(generators))('%s', async (kernel) => {
      const draw = new Draw(
        [...kernel].reduce((seed, letter) => Math.imul(seed, 31) + letter.charCodeAt(0), 1),
      )
      for (let i = 0; i < CASES_PER_KERNEL; i++) {
        cases++
        const right = generators[kernel]!(draw)
        const isSpoilt = draw.chance(0.2)
        const call = isSpoilt ? spoil(draw, right) : right
        const before = liveHandles()
        const actual = await outcome('libtorch', kernel, call)
        expect(liveHandles()).toBe(before)
        if (
          actual instanceof Error &&
          (isSpoilt || Object.values(call.inputs).some(({ values }) => values.length === 0))
        )
          continue
        const expected = await outcome('cpu', kernel, call)
        const difference =
          actual instanceof Error || !isCpuDefect(kernel, call, actual, expected)
            ? compare(actual, expected)
            : undefined
        if (difference !== undefined) {
          console.log(
            `DIFF ${kernel} ${isSpoilt ? 'spoilt' : 'RIGHT'} ${JSON.stringify(call)}: ${difference}`,
          )
        }
      }
    })
  },
)

async function outcome(
  backend: string,
  kernel: string,
  { inputs, attrs }: KernelCase,
): Promise<Output[] | Error> {
  await tf.setBackend(backend)
  tf.engine().startScope()
  try {
    const tensors = Object.entries(inputs).map(([name, spec]) => [name, makeTensor(spec)] as const)
    const given = Array.isArray(inputs) ? tensors.map(([, tensor]) => tensor) : Object.fromEntries(tensors)
    const outputs = [tf.engine().runKernel(kernel, given as never, attrs as never)].flat() as tf.Tensor[]
    return outputs.map((x) => ({
      shape: x.shape,
      dtype: x.dtype,
      values: Array.from(x.dataSync(), (value) => (x.dtype === 'bool' ? Number(value !== 0) : value)),
    }))
  } catch (error) {
    if (error instanceof Error) return error
    throw error
  } finally {
    tf.engine().endScope()
  }
}

function makeTensor({ values, shape, dtype }: TensorSpec): tf.Tensor {
  return tf.tensor([...values], [...shape], dtype)
}

/** What differs, if anything does. */
function compare(actual: Output[] | Error, expected: Output[] | Error): string | undefined {
  if (actual instanceof Error) return expected instanceof Error ? undefined : `refused: ${actual.message}`
  if (expected instanceof Error)
    return `computed, while the cpu backend throws: ${expected.message} ${JSON.stringify(actual)}`
  const describe = (outputs: Output[]) => outputs.map(({ shape, dtype }) => `${dtype}[${shape}]`).join(' ')
  if (describe(actual) !== describe(expected)) return `${describe(actual)} instead of ${describe(expected)}`
  const differs = actual.some((output, i) =>
    output.values.some((value, j) => !isClose(value, expected[i]!.values[j]!)),
  )
  return differs
    ? `${JSON.stringify(actual.map((o) => o.values.map(String)))} instead of ${JSON.stringify(expected.map((o) => o.values.map(String)))}`
    : undefined
}

/** Calls that tfjs's cpu backend gets wrong itself. */
function isCpuDefect(
  kernel: string,
  { inputs }: KernelCase,
  actual: Output[],
  expected: Output[] | Error,
): boolean {
  const isEmpty = Object.values(inputs).some(({ values }) => values.length === 0)
  switch (kernel) {
    case 'Mean': // 0 for the mean of nothing
    case 'All': // false for all of nothing
      return isEmpty
    case 'StridedSlice': // refuses some slices, those without elements among them
      return expected instanceof Error
    case 'UnsortedSegmentSum': // turns integers into floats
      return actual[0]!.dtype !== 'float32'
    default:
      return false
  }
}

function isClose(actual: number, expected: number): boolean {
  if (Object.is(actual, expected) || actual === expected) return true
  return Math.abs(actual - expected) <= TOLERANCE.absolute + TOLERANCE.relative * Math.abs(expected)
}
