import * as tf from '@tensorflow/tfjs-core'
import { type Case, compareWithCpu } from '../__fixtures__/compare-with-cpu.ts'

const shapes: Case[] = [
  { name: 'reshape', run: (x) => tf.reshape(x!, [4, -1]), inputs: [[2, 3, 4]] },
  {
    name: 'reshape of a transposed view',
    run: (x) => tf.reshape(tf.transpose(x!), [-1]),
    inputs: [[2, 3, 4]],
  },
  { name: 'expandDims', run: (x) => tf.expandDims(x!, -1), inputs: [[2, 3]] },
  { name: 'squeeze', run: (x) => tf.squeeze(x!), inputs: [[2, 1, 3, 1]] },
  { name: 'transpose', run: (x) => tf.transpose(x!, [2, 0, 1]), inputs: [[2, 3, 4]] },
  { name: 'slice', run: (x) => tf.slice(x!, [0, 1, 2], [2, 2, -1]), inputs: [[2, 3, 4]] },
  {
    name: 'stridedSlice',
    run: (x) => [
      tf.stridedSlice(x!, [0, 3], [2, 0], [1, -2]),
      tf.stridedSlice(x!, [1], [2], [1], 0, 0, 0, 0, 1),
    ],
    inputs: [[3, 4]],
    gradient: false,
  },
  {
    name: 'concat',
    run: (a, b) => tf.concat([a!, b!], 1),
    inputs: [
      [2, 3, 4],
      [2, 2, 4],
    ],
  },
  {
    name: 'stack',
    run: (a, b) => tf.stack([a!, b!], 1),
    inputs: [
      [2, 3],
      [2, 3],
    ],
  },
  { name: 'unstack', run: (x) => tf.unstack(x!, 1), inputs: [[2, 3, 4]], gradient: false },
  { name: 'split', run: (x) => tf.split(x!, [1, 3], 1), inputs: [[2, 4, 2]], gradient: false },
  {
    name: 'pad',
    run: (x) =>
      tf.pad(
        x!,
        [
          [1, 2],
          [0, 1],
        ],
        0.5,
      ),
    inputs: [[2, 3]],
  },
  {
    name: 'mirrorPad reflect',
    run: (x) =>
      tf.mirrorPad(
        x!,
        [
          [1, 1],
          [2, 2],
        ],
        'reflect',
      ),
    inputs: [[2, 3]],
    gradient: false,
  },
  {
    name: 'mirrorPad symmetric',
    run: (x) =>
      tf.mirrorPad(
        x!,
        [
          [1, 2],
          [2, 3],
        ],
        'symmetric',
      ),
    inputs: [[2, 3]],
    gradient: false,
  },
  { name: 'diag', run: (x) => tf.diag(x!), inputs: [[2, 3]], gradient: false },
  { name: 'tile', run: (x) => tf.tile(x!, [2, 1, 3]), inputs: [[2, 3, 2]] },
  { name: 'broadcastTo', run: (x) => tf.broadcastTo(x!, [2, 3, 4]), inputs: [[3, 1]] },
  { name: 'reverse', run: (x) => tf.reverse(x!, [0, 2]), inputs: [[2, 3, 4]] },
  {
    name: 'cast',
    run: (x) => [tf.cast(x!, 'int32'), tf.cast(x!, 'bool')],
    inputs: [[3, 4]],
    gradient: false,
  },
  {
    name: 'fill, zeros, ones',
    run: (x) => [
      tf.fill([2, 3], 7),
      tf.zerosLike(x!),
      tf.onesLike(x!),
      tf.zeros([2], 'bool'),
      tf.ones([], 'int32'),
    ],
    inputs: [[2, 2]],
    gradient: false,
  },
  {
    name: 'range',
    run: () => [
      tf.range(0, 5),
      tf.range(5, 0, -2, 'int32'),
      tf.range(0, 1, 0.25),
      tf.range(2, -2),
      tf.range(1, 2, -1),
    ],
    inputs: [],
  },
  { name: 'linspace', run: () => [tf.linspace(0, 1, 5), tf.linspace(3, -3, 4)], inputs: [] },
  { name: 'eye', run: () => tf.eye(3, 4), inputs: [] },
]

compareWithCpu('shape kernels', shapes)
