import * as tf from '@tensorflow/tfjs-core'
import { type Case, compareWithCpu } from '../__fixtures__/compare-with-cpu.ts'

const products: Case[] = [
  ...[false, true].flatMap((transposeA) =>
    [false, true].map((transposeB) => ({
      name: `matMul ${transposeA} ${transposeB}`,
      run: (a?: tf.Tensor, b?: tf.Tensor) => tf.matMul(a!, b!, transposeA, transposeB),
      inputs: [transposeA ? [4, 3] : [3, 4], transposeB ? [5, 4] : [4, 5]],
    })),
  ),
  {
    name: 'batched matMul',
    run: (a, b) => tf.matMul(a!, b!),
    inputs: [
      [2, 3, 4],
      [2, 4, 5],
    ],
  },
  {
    name: 'broadcast matMul',
    run: (a, b) => tf.matMul(a!, b!),
    inputs: [
      [1, 3, 4],
      [6, 4, 5],
    ],
    gradient: false,
  },
  { name: 'dot', run: (a, b) => tf.dot(a!, b!), inputs: [[4], [4]] },
  {
    name: 'fused matMul',
    run: (a, b, bias) => tf.fused.matMul({ a: a!, b: b!, bias: bias!, activation: 'relu' }),
    inputs: [[3, 4], [4, 5], [5]],
  },
  ...(['linear', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const).map((activation) => ({
    name: `fused matMul ${activation}`,
    run: (a?: tf.Tensor, b?: tf.Tensor) => tf.fused.matMul({ a: a!, b: b!, activation }),
    inputs: [
      [3, 4],
      [4, 5],
    ],
    gradient: false,
  })),
]

compareWithCpu('products', products)
