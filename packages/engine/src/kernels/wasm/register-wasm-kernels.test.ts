import { formulaValues } from '@simclr/tools/testing'
import {
  add,
  avgPool,
  conv2d,
  conv2dTranspose,
  div,
  exp,
  gather,
  log,
  logSoftmax,
  matMul,
  maximum,
  maxPool,
  mean,
  memory,
  minimum,
  mul,
  norm,
  pad,
  range,
  relu,
  reshape,
  rsqrt,
  sin,
  slice,
  softmax,
  softplus,
  sqrt,
  square,
  squaredDifference,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tensor,
  tensor1d,
  tidy,
  tile,
  unsortedSegmentSum,
  valueAndGrad,
} from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { useEngine } from '../../index.ts'

interface Case {
  readonly name: string
  readonly shape: number[]
  readonly run: (x: Tensor) => Tensor
}

const fixed = (shape: number[]): Tensor => tensor(formulaValues(2, sizeOf(shape)), shape)
const sizeOf = (shape: number[]) => shape.reduce((product, size) => product * size, 1)
const rows = [4, 6]
const ids = () => tensor1d([0, 2, 2, 3, 0], 'int32')

/** Kernel size, stride, padding, image size: what the networks use, then what else TensorFlow.js allows. */
const CONVOLUTIONS: [number, number, number | 'same' | 'valid', [number, number]][] = [
  [3, 1, 1, [6, 6]],
  [3, 2, 1, [8, 8]],
  [3, 2, 1, [7, 7]],
  [1, 1, 0, [5, 5]],
  [1, 2, 0, [6, 6]],
  [1, 2, 0, [5, 5]],
  [7, 2, 3, [12, 12]],
  [3, 1, 'same', [5, 4]],
  [3, 2, 'same', [6, 6]],
  [3, 2, 'same', [7, 5]],
  [2, 2, 'same', [5, 5]],
  [5, 3, 'valid', [9, 11]],
  [2, 3, 'valid', [9, 9]],
  [2, 1, 2, [4, 4]],
]

const POOLS: [number, number, number | 'same', number][] = [
  [3, 2, 1, 8],
  [3, 2, 'same', 8],
  [3, 2, 'same', 7],
  [2, 2, 0, 6],
  [3, 1, 'same', 5],
]

/** Shapes and transpositions: several batches, one for all, sizes beside the tiles of 4 and 8. */
const PRODUCTS: [number[], number[], boolean, boolean][] = [
  [[5, 3], [3, 9], false, false],
  [[3, 5], [3, 9], true, false],
  [[17, 6], [11, 6], false, true],
  [[2, 6, 17], [2, 8, 6], true, true],
  [[3, 6, 7], [1, 7, 10], false, false],
]

/** Input and output channels: below, at and beside the tiles. */
const CHANNELS: [number, number][] = [
  [1, 1],
  [4, 8],
  [6, 19],
]

const cases: Case[] = [
  ...CONVOLUTIONS.flatMap(([size, stride, padding, [height, width]]): Case[] => {
    const name = `conv2d ${size}×${size}, stride ${stride}, pad ${padding}, ${height}×${width}`
    const x = [2, height, width, 3]
    const filter = [size, size, 3, 4]
    return [
      {
        name: `${name}: input`,
        shape: x,
        run: (t) => conv2d(t as Tensor4D, fixed(filter) as Tensor4D, stride, padding),
      },
      {
        name: `${name}: filter`,
        shape: filter,
        run: (t) => conv2d(fixed(x) as Tensor4D, t as Tensor4D, stride, padding),
      },
    ]
  }),
  ...POOLS.flatMap(([size, stride, padding, width]): Case[] => {
    const name = `${size}×${size}, stride ${stride}, pad ${padding}, ${width} wide`
    const shape = [2, width, width, 3]
    return [
      { name: `maxPool ${name}`, shape, run: (t) => maxPool(t as Tensor4D, size, stride, padding) },
      { name: `avgPool ${name}`, shape, run: (t) => avgPool(t as Tensor4D, size, stride, padding) },
    ]
  }),
  ...PRODUCTS.map(
    ([a, b, transposeA, transposeB]): Case => ({
      name: `matMul [${a}]${transposeA ? 'ᵀ' : ''} [${b}]${transposeB ? 'ᵀ' : ''}`,
      shape: a,
      run: (t) => matMul(t, fixed(b), transposeA, transposeB),
    }),
  ),
  ...CHANNELS.flatMap(([inputs, outputs]): Case[] => {
    const [x, filter] = [
      [3, 12, 13, inputs],
      [3, 3, inputs, outputs],
    ] as const
    return [
      {
        name: `conv2d ${inputs} → ${outputs} channels: filter`,
        shape: [...filter],
        run: (t) => conv2d(fixed([...x]) as Tensor4D, t as Tensor4D, 1, 1),
      },
      {
        name: `conv2d ${inputs} → ${outputs} channels, different pads: input`,
        shape: [...x],
        run: (t) =>
          conv2d(t as Tensor4D, fixed([...filter]) as Tensor4D, 2, [
            [0, 0],
            [2, 0],
            [1, 3],
            [0, 0],
          ]),
      },
    ]
  }),
  {
    name: 'maxPool of negative values',
    shape: [2, 6, 6, 3],
    run: (t) => maxPool(add(t, -2) as Tensor4D, 3, 2, 1),
  },
  {
    name: 'conv2dTranspose',
    shape: [2, 4, 4, 3],
    run: (t) => conv2dTranspose(t as Tensor4D, fixed([3, 3, 5, 3]) as Tensor4D, [2, 8, 8, 5], 2, 'same'),
  },
  { name: 'gather', shape: [5, 3], run: (t) => gather(t, ids()) },
  { name: 'unsortedSegmentSum', shape: [5, 2, 3], run: (t) => unsortedSegmentSum(t, ids(), 4) },
  { name: 'gather along axis 1', shape: [2, 5, 3], run: (t) => gather(t, ids(), 1) },
  { name: 'tile', shape: [2, 1, 3], run: (t) => tile(t, [2, 3, 2]) },
  { name: 'maximum of equal shapes', shape: [3, 7], run: (t) => maximum(t, fixed([3, 7])) },
  { name: 'minimum, broadcast in the middle', shape: [2, 3, 5], run: (t) => minimum(t, fixed([2, 1, 5])) },
  { name: 'maximum, broadcast from a row', shape: [4, 5], run: (t) => maximum(fixed([5]), t) },
  { name: 'relu', shape: rows, run: (t) => relu(t) },
  { name: 'logSoftmax', shape: rows, run: (t) => logSoftmax(t) },
  { name: 'softmax', shape: rows, run: (t) => softmax(t) },
  { name: 'softplus', shape: rows, run: (t) => softplus(t) },
  { name: 'mean over positions', shape: [2, 3, 3, 4], run: (t) => mean(t, [1, 2]) },
  { name: 'product with itself', shape: rows, run: (t) => matMul(t as Tensor2D, t as Tensor2D, false, true) },
  {
    name: 'batched matMul, transposed',
    shape: [2, 3, 5],
    run: (t) => matMul(t, fixed([2, 4, 3]), true, true),
  },
  { name: 'rows of length one', shape: rows, run: (t) => div(t, norm(t, 2, 1, true)) },
  { name: 'batch statistics', shape: [6, 4], run: (t) => mul(t, rsqrt(mean(square(t), 0))) },
  { name: 'broadcast product', shape: [4], run: (t) => mul(fixed([2, 3, 4]), t) },
  { name: 'log of a sum', shape: rows, run: (t) => log(sum(exp(t), 1)) },
  { name: 'distance', shape: rows, run: (t) => sqrt(add(sum(squaredDifference(t, 0.3), 1), 1)) },
  { name: 'hinge', shape: rows, run: (t) => maximum(add(t, 0.1), 0) },
  {
    name: 'slice and pad',
    shape: rows,
    run: (t) =>
      pad(slice(t, [1, 2], [2, 3]), [
        [1, 0],
        [0, 2],
      ]),
  },
]

/** The value and the gradient of its product with fixed weights, one array after the other. */
function valueAndGradient({ shape, run }: Case): number[] {
  return tidy(() => {
    const weighted = (t: Tensor) => {
      const y = run(t)
      return sum(mul(y, reshape(sin(range(1, y.size + 1)), y.shape)))
    }
    const x = tensor(formulaValues(1, sizeOf(shape)), shape)
    const { grad } = valueAndGrad(weighted)(x)
    return [...run(x).dataSync(), ...grad.dataSync()]
  })
}

describe('the wasm engine agrees with the plain JavaScript one in value and gradient', () => {
  const expected = new Map<string, number[]>()
  beforeAll(async () => {
    await useEngine('cpu')
    for (const each of cases) expected.set(each.name, valueAndGradient(each))
    await useEngine('wasm')
  })

  test.each(cases)('$name', (each) => {
    expect(valueAndGradient(each)).toBeAllClose(expected.get(each.name)!, { relative: 1e-5 })
    expect(() => valueAndGradient(each)).toLeakNoTensors()
  })
})

test('a hundred convolutions with gradients leave the number of live tensors as it was', async () => {
  await useEngine('wasm')
  const before = memory().numTensors
  for (let step = 0; step < 100; step++) valueAndGradient(cases[0]!)
  expect(memory().numTensors).toBe(before)
})
