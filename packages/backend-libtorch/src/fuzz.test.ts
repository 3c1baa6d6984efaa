/**
 * Random calls of kernels, past the checks of tfjs's operations and a fifth of them made wrong: each either equals tfjs's cpu
 * backend or throws an Error. `FUZZ_CASES=500` draws more calls of each kernel than the 2,000 in all that are the rule.
 */
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { Draw, type TensorSpec } from './__fixtures__/draw.ts'
import { elementwiseCases } from './__fixtures__/elementwise-cases.ts'
import { type KernelCase, spoil } from './__fixtures__/kernel-case.ts'
import { movementCases } from './__fixtures__/movement-cases.ts'
import { reductionCases } from './__fixtures__/reduction-cases.ts'
import { testingLibrary } from './__fixtures__/testing-library.ts'
import { windowCases } from './__fixtures__/window-cases.ts'
import { liveHandles, registerLibtorch } from './register-libtorch.ts'

const CASES_PER_KERNEL = Number(process.env.FUZZ_CASES ?? 18)
/** Of each element: float32 functions differ in their last digits, and sums in their order. NaN equals NaN. */
const TOLERANCE = { absolute: 1e-5, relative: 1e-5 }

const generators = { ...elementwiseCases, ...reductionCases, ...movementCases, ...windowCases }
const library = testingLibrary()

interface Output {
  readonly shape: readonly number[]
  readonly dtype: string
  readonly values: readonly number[]
}

describe.skipIf(library === undefined)('random calls of kernels', () => {
  beforeAll(() => registerLibtorch({ library: library! }))

  it('are at least 2,000', () => {
    expect(Object.keys(generators).length * CASES_PER_KERNEL).toBeGreaterThanOrEqual(2000)
  })

  it.each(Object.entries(generators))('equal the cpu backend or throw: %s', async (kernel, generate) => {
    const seed = [...kernel].reduce((hash, letter) => Math.imul(hash, 31) + letter.charCodeAt(0), 1)
    const draw = new Draw(seed)
    for (let i = 0; i < CASES_PER_KERNEL; i++) {
      const right = generate(draw)
      const isSpoilt = draw.chance(0.2)
      await check(kernel, isSpoilt ? spoil(draw, right) : right, isSpoilt)
    }
  })
})

/** Only wrong calls, and calls without elements, may be refused. */
async function check(kernel: string, call: KernelCase, mayBeWrong: boolean): Promise<void> {
  const text = `${kernel}(${JSON.stringify(call)})`
  const handles = liveHandles()
  const actual = await outcome('libtorch', kernel, call)
  expect(liveHandles(), `${text} leaks handles`).toBe(handles)
  if (actual instanceof Error) {
    if (mayBeWrong || isEmpty(call)) return
    throw new Error(`${text} is right, but is refused: ${actual.message}`)
  }
  const expected = await outcome('cpu', kernel, call)
  if (isCpuDefect(kernel, call, actual, expected)) return
  if (expected instanceof Error) throw new Error(`${text} is not refused as by cpu: ${expected.message}`)
  expect(actual.map(describeOutput), text).toEqual(expected.map(describeOutput))
  for (const [i, { values }] of actual.entries()) {
    const wrong = values.findIndex((value, j) => !isClose(value, expected[i]!.values[j]!))
    if (wrong < 0) continue
    throw new Error(`${text}: element ${wrong} is ${values[wrong]} instead of ${expected[i]!.values[wrong]}`)
  }
}

async function outcome(
  backend: string,
  kernel: string,
  { inputs, attrs }: KernelCase,
): Promise<Output[] | Error> {
  await tf.setBackend(backend)
  tf.engine().startScope()
  try {
    const tensors = Object.entries(inputs).map(([name, { values, shape, dtype }]) => {
      return [name, tf.tensor([...values], [...shape], dtype)] as const
    })
    const given = Array.isArray(inputs) ? tensors.map(([, tensor]) => tensor) : Object.fromEntries(tensors)
    const outputs = [tf.engine().runKernel(kernel, given as never, attrs as never)].flat() as tf.Tensor[]
    return outputs.map((x) => ({ shape: x.shape, dtype: x.dtype, values: valuesOf(x) }))
  } catch (error) {
    if (error instanceof Error) return error
    throw error
  } finally {
    tf.engine().endScope()
  }
}

/** The cpu backend holds true as any number but 0. */
function valuesOf(x: tf.Tensor): number[] {
  return Array.from(x.dataSync(), (value) => (x.dtype === 'bool' ? Number(value !== 0) : value))
}

function isEmpty({ inputs }: KernelCase): boolean {
  return Object.values(inputs).some(({ values }) => values.length === 0)
}

function describeOutput({ shape, dtype }: Output): string {
  return `${dtype}[${shape}]`
}

function isClose(actual: number, expected: number): boolean {
  if (Object.is(actual, expected) || actual === expected) return true
  return Math.abs(actual - expected) <= TOLERANCE.absolute + TOLERANCE.relative * Math.abs(expected)
}

/** Calls that tfjs's cpu backend itself gets wrong. */
function isCpuDefect(
  kernel: string,
  { inputs, attrs }: KernelCase,
  actual: Output[],
  expected: Output[] | Error,
): boolean {
  switch (kernel) {
    case 'Mean': // 0 for the mean of nothing
    case 'All': // false for all of nothing
      return isEmpty({ inputs, attrs })
    case 'BatchMatMul': // takes the wrong matrices of batches that broadcast over each other
    case '_FusedMatMul':
      return batchesDiffer(inputs as Record<'a' | 'b', TensorSpec>)
    case 'StridedSlice': // refuses some slices, those without elements among them
      return expected instanceof Error
    case 'Dilation2DBackpropInput': // gives gradients of windows over padding alone to an element nearby
      return attrs.dilations !== 1
    case 'UnsortedSegmentSum': // turns integers into floats
      return actual[0]!.dtype !== 'float32'
    default:
      return false
  }
}

function batchesDiffer({ a, b }: Record<'a' | 'b', TensorSpec>): boolean {
  const batches = [a.shape.slice(0, -2), b.shape.slice(0, -2)]
  return batches.every((sizes) => sizes.some((size) => size !== 1)) && `${batches[0]}` !== `${batches[1]}`
}
