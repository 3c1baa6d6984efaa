import * as tf from '@tensorflow/tfjs-core'
import { type Case, compareWithCpu } from '../__fixtures__/compare-with-cpu.ts'

const unary = (name: string, run: Case['run'], range?: Case['range']): Case[] => [
  { name, run, inputs: [[3, 4, 5]], ...(range ? { range } : {}) },
  { name: `${name} of a scalar`, run, inputs: [[]], ...(range ? { range } : {}) },
]
const binary = (name: string, run: Case['run'], range?: Case['range'], gradient = true): Case[] =>
  [
    [
      [3, 4],
      [3, 4],
    ],
    [[2, 3, 4], [4]],
    [
      [3, 1],
      [1, 5],
    ],
    [[], [2, 2]],
  ].map((inputs) => ({
    name: `${name} ${JSON.stringify(inputs)}`,
    run,
    inputs,
    gradient,
    ...(range ? { range } : {}),
  }))
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

const t1 = (run: (x: tf.Tensor) => tf.Tensor | tf.Tensor[]): Case['run'] => run as Case['run']
const t2 = (run: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor | tf.Tensor[]): Case['run'] => run as Case['run']

const elementwise: Case[] = [
  ...unary('abs', t1(tf.abs)),
  ...unary('acos', t1(tf.acos), [-0.9, 0.9]),
  ...unary('acosh', t1(tf.acosh), [1.1, 3]),
  ...unary('asin', t1(tf.asin), [-0.9, 0.9]),
  ...unary('asinh', t1(tf.asinh)),
  ...unary('atan', t1(tf.atan)),
  ...unary('atanh', t1(tf.atanh), [-0.9, 0.9]),
  ...unary('ceil', t1(tf.ceil)),
  ...unary('cos', t1(tf.cos)),
  ...unary('cosh', t1(tf.cosh)),
  ...unary('elu', t1(tf.elu)),
  ...unary('erf', t1(tf.erf)),
  ...unary('exp', t1(tf.exp)),
  ...unary('expm1', t1(tf.expm1)),
  ...unary('floor', t1(tf.floor)),
  ...unary('log', t1(tf.log), [0.1, 4]),
  ...unary('log1p', t1(tf.log1p), [-0.5, 4]),
  ...unary('neg', t1(tf.neg)),
  ...unary('reciprocal', t1(tf.reciprocal), [0.5, 2]),
  ...unary('relu', t1(tf.relu)),
  ...unary('relu6', t1(tf.relu6), [-4, 9]),
  ...unary('rsqrt', t1(tf.rsqrt), [0.2, 4]),
  ...unary('selu', t1(tf.selu)),
  ...unary('sigmoid', t1(tf.sigmoid)),
  ...unary('sign', t1(tf.sign)),
  ...unary('sin', t1(tf.sin)),
  ...unary('sinh', t1(tf.sinh)),
  ...unary('softplus', t1(tf.softplus)),
  ...unary('sqrt', t1(tf.sqrt), [0.2, 4]),
  ...unary('square', t1(tf.square)),
  ...unary('tan', t1(tf.tan), [-1, 1]),
  ...unary('tanh', t1(tf.tanh)),
  ...unary('leakyRelu', (x) => tf.leakyRelu(x!, 0.3)),
  ...unary('step', (x) => tf.step(x!, 0.25)),
  ...unary('clipByValue', (x) => tf.clipByValue(x!, -0.5, 1.25)),
  { name: 'prelu', run: t2(tf.prelu), inputs: [[2, 3, 4], [4]] },
  {
    name: 'round half to even',
    run: () => tf.round(tf.tensor1d([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 0.4, -0.6])),
    inputs: [],
  },
  integers('abs', t1(tf.abs), [[3, 4]]),
  integers('neg', t1(tf.neg), [[3, 4]]),
  integers('exp', t1(tf.exp), [[3, 4]]),
  integers('relu', t1(tf.relu), [[3, 4]]),
  integers('square', t1(tf.square), [[3, 4]]),
  integers('clipByValue', (x) => tf.clipByValue(x!, -2, 2), [[3, 4]]),
  booleans('logicalNot', t1(tf.logicalNot), [[3, 4]]),
  ...binary('add', t2(tf.add)),
  ...binary('sub', t2(tf.sub)),
  ...binary('mul', t2(tf.mul)),
  ...binary('div', t2(tf.div), [0.5, 2]),
  ...binary('maximum', t2(tf.maximum), undefined, false),
  {
    name: 'maximum gradient',
    run: t2(tf.maximum),
    inputs: [
      [3, 4],
      [3, 4],
    ],
  },
  ...binary('minimum', t2(tf.minimum), undefined, false),
  {
    name: 'minimum gradient',
    run: t2(tf.minimum),
    inputs: [
      [3, 4],
      [3, 4],
    ],
  },
  ...binary('pow', t2(tf.pow), [0.5, 2]),
  ...binary('atan2', t2(tf.atan2)),
  ...binary('mod', t2(tf.mod), [-3, 3], false),
  ...binary('squaredDifference', t2(tf.squaredDifference), undefined, false),
  {
    name: 'squaredDifference gradient',
    run: t2(tf.squaredDifference),
    inputs: [
      [3, 4],
      [3, 4],
    ],
  },
  ...binary('floorDiv', t2(tf.floorDiv), [-3, 3], false),
  ...binary('equal', (a, b) => tf.equal(tf.round(a!), tf.round(b!)), undefined, false),
  ...binary('notEqual', (a, b) => tf.notEqual(tf.round(a!), tf.round(b!)), undefined, false),
  ...binary('less', t2(tf.less), undefined, false),
  ...binary('lessEqual', t2(tf.lessEqual), undefined, false),
  ...binary('greater', t2(tf.greater), undefined, false),
  ...binary('greaterEqual', t2(tf.greaterEqual), undefined, false),
  integers('add', t2(tf.add)),
  integers('sub', t2(tf.sub)),
  integers('mul', t2(tf.mul)),
  integers('maximum', t2(tf.maximum)),
  integers('floorDiv', (a, b) => tf.floorDiv(a!, tf.add(tf.abs(b!), tf.scalar(1, 'int32')))),
  integers('mod', (a, b) => tf.mod(a!, tf.sub(tf.neg(tf.abs(b!)), tf.scalar(1, 'int32')))),
  integers('pow', (a, b) => tf.pow(a!, tf.abs(b!))),
  integers('squaredDifference', t2(tf.squaredDifference)),
  booleans('logicalAnd', t2(tf.logicalAnd)),
  booleans('logicalOr', t2(tf.logicalOr)),
  booleans('logicalXor', t2(tf.logicalXor), [
    [3, 4],
    [3, 4],
  ]),
  booleans('equal', t2(tf.equal)),
  {
    name: 'addN',
    run: (...xs) => tf.addN(xs),
    inputs: [
      [3, 4],
      [3, 4],
      [3, 4],
    ],
  },
  {
    name: 'add of mixed types',
    run: t2(tf.add),
    inputs: [
      [3, 4],
      ['int32', [4]],
    ],
    gradient: false,
  },
]

compareWithCpu('elementwise kernels', elementwise)
