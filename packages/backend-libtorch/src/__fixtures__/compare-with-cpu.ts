/** Runs a table of tfjs expressions on the cpu backend and on libtorch, forward and backward, and compares. */
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { liveHandles, registerLibtorch } from '../register-libtorch.ts'
import { testingLibrary } from './testing-library.ts'

export type Dtype = 'float32' | 'int32' | 'bool'
export interface Case {
  readonly name: string
  readonly run: (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[]
  /** Shapes of the inputs, with a data type where that is not float32. */
  readonly inputs: readonly (readonly number[] | readonly [Dtype, readonly number[]])[]
  /** Range of the random floats; default [-2, 2]. */
  readonly range?: readonly [number, number]
  /** Whether gradients of the float inputs are compared too; default true. */
  readonly gradient?: boolean
}

/** Tests that both backends give the same shapes, types, values and gradients, and that no handle is leaked. */
export function compareWithCpu(family: string, cases: readonly Case[]): void {
  const library = testingLibrary()
  describe.skipIf(library === undefined)(`${family} agree with the cpu backend`, () => {
    beforeAll(() => registerLibtorch({ library: library! }))

    it.each(cases.map((example) => [example.name, example] as const))('%s', async (_, example) => {
      const expected = await results('cpu', example)
      const before = liveHandles()
      const actual = await results('libtorch', example)
      expect(actual.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(
        expected.map(({ shape, dtype }) => ({ shape, dtype })),
      )
      actual.forEach(({ values }, i) => {
        expect(values).toBeAllClose(expected[i]!.values, { absolute: 2e-6, relative: 2e-6 })
      })
      expect(liveHandles()).toBe(before)
    })
  })
}

interface Result {
  readonly shape: number[]
  readonly dtype: string
  readonly values: ArrayLike<number>
}

/** Outputs, and gradients of a weighted sum of them, computed by one backend. */
async function results(backend: string, { run, inputs, range, gradient = true }: Case): Promise<Result[]> {
  await tf.setBackend(backend)
  const collected: Result[] = []
  tf.tidy(() => {
    const tensors = inputs.map((spec, i) => randomTensor(spec, i + 1, range ?? [-2, 2]))
    const outputs = [run(...tensors)].flat()
    const isFloat = tensors.map(({ dtype }) => dtype === 'float32')
    collected.push(...outputs.map(read))
    if (!gradient || !isFloat.includes(true)) return
    const weighted = (...floats: tf.Tensor[]) => {
      let next = 0
      const all = tensors.map((tensor, i) => (isFloat[i] ? floats[next++]! : tensor))
      const output = [run(...all)].flat()[0]!
      return tf.sum(tf.mul(output, randomTensor(output.shape, 99, [-1, 1]))) as tf.Scalar
    }
    const gradients = tf.grads(weighted)(tensors.filter((_, i) => isFloat[i]))
    collected.push(...gradients.map(read))
  })
  return collected
}

function read(tensor: tf.Tensor): Result {
  return { shape: tensor.shape, dtype: tensor.dtype, values: Array.from(tensor.dataSync()) }
}

function randomTensor(
  spec: Case['inputs'][number],
  seed: number,
  [low, high]: readonly [number, number],
): tf.Tensor {
  const [dtype, shape] =
    typeof spec[0] === 'string' ? (spec as [Dtype, number[]]) : (['float32', spec as number[]] as const)
  const size = shape.reduce((product: number, n) => product * n, 1)
  let state = seed * 2654435761
  const values = Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const unit = state / 2 ** 32
    if (dtype === 'bool') return unit < 0.5 ? 0 : 1
    return dtype === 'int32' ? Math.floor(unit * 11) - 5 : low + (high - low) * unit
  })
  return tf.tensor(values, [...shape], dtype)
}
