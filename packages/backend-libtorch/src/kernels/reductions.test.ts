import * as tf from '@tensorflow/tfjs-core'
import { type Case, compareWithCpu } from '../__fixtures__/compare-with-cpu.ts'

const integers = (name: string, run: Case['run'], shapes: number[][] = [[3, 4], [4]]): Case => ({
  name: `${name} of integers`,
  run,
  inputs: shapes.map((shape) => ['int32', shape] as const),
  gradient: false,
})
const booleans = (name: string, run: Case['run'], shapes: number[][] = [[3, 4], [4]]): Case => ({
  name: `${name} of booleans`,
  run,
  inputs: shapes.map((shape) => ['bool', shape] as const),
  gradient: false,
})

const reductions: Case[] = [
  ...(
    [
      ['sum', tf.sum],
      ['mean', tf.mean],
      ['max', tf.max],
      ['min', tf.min],
      ['prod', tf.prod],
    ] as const
  ).flatMap(([name, reduce]) =>
    [undefined, 0, [1, 2], [-1]].flatMap((axis) =>
      [false, true].map((keepDims) => ({
        name: `${name} over ${axis ?? 'all'}${keepDims ? ', kept' : ''}`,
        run: (x?: tf.Tensor) => reduce(x!, axis as number[] | undefined, keepDims) as tf.Tensor,
        inputs: [[2, 3, 4]],
        // tfjs's gradient of prod refuses a negative axis.
        gradient: !(name === 'prod' && Array.isArray(axis) && axis[0] === -1),
      })),
    ),
  ),
  integers('sum', (x) => tf.sum(x!, 1), [[3, 4]]),
  integers('prod', (x) => tf.prod(x!, 1), [[3, 4]]),
  integers('mean', (x) => tf.mean(x!, 1), [[3, 4]]),
  integers('max', (x) => tf.max(x!, 1), [[3, 4]]),
  integers('argMax', (x) => tf.argMax(x!, 1), [[3, 4]]),
  booleans('sum', (x) => tf.sum(x!), [[3, 4]]),
  booleans('any', (x) => [tf.any(x!), tf.any(x!, 0), tf.any(x!, [0, 1], true)], [[3, 4]]),
  booleans('all', (x) => [tf.all(x!), tf.all(x!, 0), tf.all(x!, [0, 1], true)], [[3, 4]]),
  { name: 'argMax', run: (x) => [tf.argMax(x!, 0), tf.argMax(x!, -1)], inputs: [[3, 4, 5]], gradient: false },
  { name: 'argMin', run: (x) => [tf.argMin(x!, 0), tf.argMin(x!, -1)], inputs: [[3, 4, 5]], gradient: false },
  {
    name: 'argMax and argMin pass over NaN',
    run: () => {
      const x = tf.tensor2d([1, Number.NaN, 3, 2, 4, Number.NEGATIVE_INFINITY, Number.NaN, 5], [2, 4])
      return [tf.argMax(x, 1), tf.argMin(x, 1)]
    },
    inputs: [],
  },
  ...[false, true].flatMap((exclusive) =>
    [false, true].flatMap((reverse) => [
      {
        name: `cumsum ${exclusive} ${reverse}`,
        run: (x?: tf.Tensor) => tf.cumsum(x!, 2, exclusive, reverse),
        inputs: [[2, 3, 4]],
      },
      {
        name: `cumprod ${exclusive} ${reverse}`,
        run: (x?: tf.Tensor) => tf.cumprod(x!, 1, exclusive, reverse),
        inputs: [[2, 3, 4]],
        gradient: false,
      },
    ]),
  ),
  { name: 'softmax', run: (x) => tf.softmax(x!), inputs: [[3, 7]] },
  { name: 'logSoftmax', run: (x) => tf.logSoftmax(x!), inputs: [[2, 3, 7]] },
  { name: 'logSumExp', run: (x) => tf.logSumExp(x!, 1), inputs: [[3, 7]] },
  { name: 'moments', run: (x) => tf.moments(x!, [0]).variance, inputs: [[5, 3]] },
]

compareWithCpu('reductions', reductions)
