/** Every contrastive loss through the same laws; adding a loss is adding a row. */
import { formulaValues } from '@simclr/tools/testing'
import {
  addN,
  concat,
  gather,
  grad,
  grads,
  mul,
  type Scalar,
  slice,
  type Tensor,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { decoupledContrastiveGathered } from './decoupled-contrastive.ts'
import { marginTripletGathered } from './margin-triplet.ts'
import { ntLogisticGathered } from './nt-logistic.ts'
import { ntXentGathered } from './nt-xent.ts'
import { ntXentSemiHardGathered } from './nt-xent-semi-hard.ts'
import { supervisedContrastiveGathered } from './supervised-contrastive.ts'

interface Options {
  temperature?: number
  normalize?: boolean
}
type Loss = (local: Tensor2D, all: Tensor2D, offset: number, options?: Options, labels?: Int32Array) => Scalar

const PAIRS = 6
const classes = Int32Array.of(0, 1, 0, 2, 1, 0)

const losses: [string, Loss][] = [
  ['ntXent', ntXentGathered],
  ['ntXentSemiHard', ntXentSemiHardGathered],
  [
    'ntXentSemiHard mean',
    (l, a, o, options) => ntXentSemiHardGathered(l, a, o, { ...options, negatives: 'semi-hard-mean' }),
  ],
  ['decoupledContrastive', decoupledContrastiveGathered],
  [
    'supervisedContrastive',
    (l, a, o, options, labels = classes) => supervisedContrastiveGathered(l, a, o, labels, options),
  ],
  ...(['mean', 'sum', 'semi-hard', 'semi-hard-or-farthest', 'semi-hard-mean'] as const).flatMap(
    (negatives): [string, Loss][] => [
      [
        `ntLogistic ${negatives}`,
        (l, a, o, options) => ntLogisticGathered(l, a, o, { ...options, negatives }),
      ],
      [
        `marginTriplet ${negatives}`,
        (l, a, o, { temperature = 0.3, ...options } = {}) =>
          marginTripletGathered(l, a, o, { ...options, margin: temperature, negatives }),
      ],
    ],
  ),
]

const random = (seed: number, rows: number, width: number): Tensor2D =>
  tensor2d(formulaValues(seed, rows * width), [rows, width])
const value = (loss: Tensor): number => loss.dataSync()[0]!

describe.each(losses)('%s', (_name, gathered) => {
  const loss = (hidden: Tensor2D, options?: Options, labels?: Int32Array) =>
    gathered(hidden, hidden, 0, options, labels)
  const hidden = random(11, 2 * PAIRS, 5)

  it('does not change when the views are swapped', () => {
    const views = [PAIRS, 0].map((row) => slice(hidden, [row, 0], [PAIRS, -1]))
    expect(value(loss(concat(views) as Tensor2D))).toBeCloseTo(value(loss(hidden)), 5)
  })

  it('does not change when the images are permuted', () => {
    const order = [3, 0, 5, 1, 4, 2]
    const both = tensor1d([...order, ...order.map((i) => i + PAIRS)], 'int32')
    const labels = Int32Array.from(order, (i) => classes[i]!)
    expect(value(loss(gather(hidden, both), {}, labels))).toBeCloseTo(value(loss(hidden)), 5)
  })

  it('does not change when rows are scaled, unless normalize is false', () => {
    const scaled = mul(hidden, tensor2d(formulaValues(4, 2 * PAIRS, 2, 1), [2 * PAIRS, 1])) as Tensor2D
    expect(value(loss(scaled))).toBeCloseTo(value(loss(hidden)), 4)
    const plain = { normalize: false }
    expect(Math.abs(value(loss(scaled, plain)) - value(loss(hidden, plain)))).toBeGreaterThan(1e-3)
  })

  it('has the gradient of finite differences', () => {
    const values = formulaValues(5, 2 * PAIRS * 3)
    const at = (moved: Float32Array): Tensor2D => tensor2d(moved, [2 * PAIRS, 3])
    const options = { temperature: 0.5 }
    const analytic = grad((x) => loss(x as Tensor2D, options))(at(values)).dataSync()
    const step = 1e-3
    const numeric = Array.from(values, (_, i) => {
      const [above, below] = [step, -step].map((shift) => {
        const moved = values.slice()
        moved[i]! += shift
        return value(loss(at(moved), options))
      }) as [number, number]
      return (above - below) / (2 * step)
    })
    expect(analytic).toBeAllClose(numeric, { absolute: 5e-4, relative: 1e-3 })
  })

  it.each([2, 3])('is the mean over %i processes, with its gradient', (processes) => {
    const pairs = PAIRS / processes
    const shards = Array.from({ length: processes }, (_, r) =>
      concat([0, PAIRS].map((row) => slice(hidden, [row + r * pairs, 0], [pairs, -1]))),
    ) as Tensor2D[]
    const join = (rows: Tensor2D[]): Tensor2D =>
      concat([0, pairs].flatMap((row) => rows.map((x) => slice(x, [row, 0], [pairs, -1])))) as Tensor2D
    const meanLoss = (...rows: Tensor[]): Tensor => {
      const all = join(rows as Tensor2D[])
      return mul(addN(rows.map((x, r) => gathered(x as Tensor2D, all, r * pairs))), 1 / processes)
    }
    expect(value(meanLoss(...shards))).toBeCloseTo(value(loss(hidden)), 4)
    const gradient = join(grads(meanLoss)(shards) as Tensor2D[])
    expect(gradient).toBeAllClose(grad((x) => loss(x as Tensor2D))(hidden), {
      absolute: 1e-6,
      relative: 1e-5,
    })
  })

  it('is finite with zero rows and with equal rows, and so is its gradient', () => {
    for (const [seed, factor] of [
      [2, 0],
      [3, 1e-20],
    ] as const) {
      const some = mul(
        random(seed, 2 * PAIRS, 5),
        tensor2d(Array.from({ length: 2 * PAIRS }, (_, i) => [i % 3 === 0 ? factor : 1])),
      )
      expect(Number.isFinite(value(loss(some as Tensor2D)))).toBe(true)
      expect(
        grad((x) => loss(x as Tensor2D))(some)
          .dataSync()
          .every(Number.isFinite),
      ).toBe(true)
    }
    const same = tensor2d(new Float32Array(2 * PAIRS * 5).fill(0.3), [2 * PAIRS, 5])
    expect(Number.isFinite(value(loss(same)))).toBe(true)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('is NaN for a row with %d', (wrong) => {
    const values = formulaValues(9, 2 * PAIRS * 5)
    values[17] = wrong
    expect(value(loss(tensor2d(values, [2 * PAIRS, 5])))).toBeNaN()
  })

  it('leaks no tensors, forward and backward', () => {
    expect(() => loss(hidden).dispose()).toLeakNoTensors()
    expect(() => tidy(() => grad((x) => loss(x as Tensor2D))(hidden)).dispose()).toLeakNoTensors()
  })

  it.each([
    [
      'an odd number of rows',
      () => gathered(random(1, 7, 4), random(1, 7, 4), 0),
      /shape \[2N, D\].*\[7, 4\]/,
    ],
    ['no rows', () => gathered(tensor2d([], [0, 4]), tensor2d([], [0, 4]), 0), /\[0, 4\]/],
    [
      'local rows beyond all',
      () => gathered(random(1, 4, 4), random(2, 12, 4), 5),
      /offset.*at most 4.*got 5/,
    ],
    [
      'a negative offset',
      () => gathered(random(1, 4, 4), random(2, 12, 4), -1),
      /offset.*at least 0.*got -1/,
    ],
    ['different widths', () => gathered(random(1, 4, 4), random(2, 12, 5), 0), /\[any, 4\].*\[12, 5\]/],
    [
      'a temperature or margin of NaN',
      () => loss(hidden, { temperature: Number.NaN }),
      /(temperature|margin).*got NaN/,
    ],
    ['an infinite one', () => loss(hidden, { temperature: Number.POSITIVE_INFINITY }), /got Infinity/],
    ['a negative one', () => loss(hidden, { temperature: -1 }), /(temperature|margin).*got -1/],
  ])('refuses %s', (_, run, message) => {
    expect(run).toThrow(message)
  })
})
