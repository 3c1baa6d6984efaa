import { formulaValues, type GoldenArray, readGoldenArrays, readGoldenJson } from '@simclr/tools/testing'
import {
  addN,
  concat,
  grad,
  grads,
  mul,
  slice,
  type Tensor,
  type Tensor2D,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { ntXent, ntXentGathered } from './nt-xent.ts'

interface Case {
  name: string
  N: number
  temperature: number
  hidden_norm: boolean
  loss: number
  paper_eq1_mean_float64: number
  check_rel_grad_err_f32_vs_f64: number
}

interface ReplicaCase {
  name: string
  replicas: number
  local_batch: number
  temperature: number
  hidden_norm: boolean
  mean_of_local_losses: number
  per_replica: { loss: number }[]
}

const golden = readGoldenJson<{ cases: Case[]; multi_replica: ReplicaCase[] }>(
  new URL('./__fixtures__/01_ntxent.json', import.meta.url),
)
const arrays = readGoldenArrays(new URL('./__fixtures__/01_ntxent.safetensors', import.meta.url))

const matrix = ({ values, shape }: GoldenArray): Tensor2D => tensor2d(values, shape as [number, number])
const random = (seed: number, rows: number, width: number): Tensor2D =>
  tensor2d(formulaValues(seed, rows * width), [rows, width])
const value = (loss: Tensor): number => loss.dataSync()[0]!

describe.each([512, 3])('ntXent against the official implementation, tiles of %i rows', (blockRows) => {
  it.each(golden.cases)('$name: loss and gradient (N=$N, temperature $temperature)', (golden) => {
    const hidden = matrix(arrays.get(`${golden.name}.hidden`)!)
    const options = { temperature: golden.temperature, normalize: golden.hidden_norm, blockRows }
    const relative = 2e-6 * Math.max(1, Math.abs(golden.loss))
    expect(value(ntXent(hidden, options))).toBeCloseTo(golden.paper_eq1_mean_float64, 4)
    expect(ntXent(hidden, { ...options, reduction: 'official' })).toBeAllClose([golden.loss], {
      absolute: relative,
    })
    const gradient = grad((x) => ntXent(x as Tensor2D, { ...options, reduction: 'official' }))(hidden)
    expect(gradient).toBeAllClose(arrays.get(`${golden.name}.grad_hidden`)!.values, {
      absolute: 2e-7,
      relative: 1e-5 + 3 * golden.check_rel_grad_err_f32_vs_f64,
    })
  })

  it.each(golden.multi_replica)('$name: $replicas replicas with global negatives', (golden) => {
    const { replicas, local_batch: pairs } = golden
    const shards = Array.from({ length: replicas }, (_, r) =>
      matrix(arrays.get(`${golden.name}.rep${r}.hidden`)!),
    )
    const options = {
      temperature: golden.temperature,
      normalize: golden.hidden_norm,
      reduction: 'official',
      blockRows,
    } as const
    const gather = (rows: Tensor2D[]): Tensor2D =>
      concat([
        ...rows.map((x) => slice(x, [0, 0], [pairs, -1])),
        ...rows.map((x) => slice(x, [pairs, 0], [pairs, -1])),
      ]) as Tensor2D
    const all = gather(shards)
    shards.forEach((shard, r) => {
      const loss = ntXentGathered(shard, all, r * pairs, options)
      expect(loss).toBeAllClose([golden.per_replica[r]!.loss], { absolute: 1e-5, relative: 1e-5 })
    })
    const meanLoss = (...rows: Tensor[]): Tensor => {
      const gathered = gather(rows as Tensor2D[])
      const losses = rows.map((x, r) => ntXentGathered(x as Tensor2D, gathered, r * pairs, options))
      return mul(addN(losses), 1 / replicas)
    }
    expect(value(meanLoss(...shards))).toBeCloseTo(golden.mean_of_local_losses, 4)
    grads(meanLoss)(shards).forEach((gradient, r) => {
      expect(gradient).toBeAllClose(arrays.get(`${golden.name}.rep${r}.grad_hidden`)!.values, {
        absolute: 2e-7,
        relative: 1e-5,
      })
    })
  })
})

describe('laws of ntXent', () => {
  it('is log(2N - 1) when all rows are the same', () => {
    for (const pairs of [2, 5, 16]) {
      const same = tensor2d(new Float32Array(2 * pairs * 3).fill(0.7), [2 * pairs, 3])
      expect(value(ntXent(same))).toBeCloseTo(Math.log(2 * pairs - 1), 5)
    }
  })

  it('does not change when the two views are swapped', () => {
    const [first, second] = [random(1, 6, 8), random(2, 6, 8)]
    const loss = ntXent(concat([first, second]) as Tensor2D)
    expect(value(ntXent(concat([second, first]) as Tensor2D))).toBeCloseTo(value(loss), 5)
  })

  it('does not change when rows are scaled, unless normalize is false', () => {
    const hidden = random(3, 12, 8)
    const scaled = mul(hidden, tensor2d(formulaValues(4, 12, 2, 1), [12, 1])) as Tensor2D
    expect(value(ntXent(scaled))).toBeCloseTo(value(ntXent(hidden)), 5)
    const plain = { normalize: false }
    expect(Math.abs(value(ntXent(scaled, plain)) - value(ntXent(hidden, plain)))).toBeGreaterThan(0.01)
  })

  it('has the gradient of finite differences', () => {
    const values = formulaValues(5, 8 * 4)
    const analytic = grad((x) => ntXent(x as Tensor2D, { temperature: 0.5 }))(tensor2d(values, [8, 4]))
    const step = 1e-2
    const numeric = Array.from(values, (_, i) => {
      const at = (shift: number): number => {
        const moved = values.slice()
        moved[i]! += shift
        return value(ntXent(tensor2d(moved, [8, 4]), { temperature: 0.5 }))
      }
      return (at(step) - at(-step)) / (2 * step)
    })
    expect(analytic).toBeAllClose(numeric, { absolute: 3e-4 })
  })

  it('stays finite at temperature 0.01', () => {
    const gradient = grad((x) => ntXent(x as Tensor2D, { temperature: 0.01 }))(random(6, 16, 8))
    expect(Array.from(gradient.dataSync()).every(Number.isFinite)).toBe(true)
  })

  it('leaks no tensors, forward and backward', () => {
    const hidden = random(7, 8, 4)
    expect(() => ntXent(hidden).dispose()).toLeakNoTensors()
    expect(() => tidy(() => grad((x) => ntXent(x as Tensor2D))(hidden)).dispose()).toLeakNoTensors()
  })
})

describe('ntXent refuses', () => {
  it.each([
    ['an odd number of rows', () => ntXent(random(1, 7, 4)), /shape \[2N, D\].*\[7, 4\].*Concatenate/],
    ['no rows', () => ntXent(tensor2d([], [0, 4])), /\[0, 4\]/],
    ['a temperature of 0', () => ntXent(random(1, 4, 4), { temperature: 0 }), /temperature.*positive.*got 0/],
    [
      'local rows beyond all',
      () => ntXentGathered(random(1, 4, 4), random(2, 6, 4), 2),
      /offset.*at most 1.*got 2/,
    ],
    ['tiles of no rows', () => ntXent(random(1, 4, 4), { blockRows: 0 }), /blockRows.*got 0/],
    ['different widths', () => ntXentGathered(random(1, 4, 4), random(2, 6, 5), 0), /\[any, 4\].*\[6, 5\]/],
  ])('%s', (_, run, message) => {
    expect(run).toThrow(message)
  })
})
