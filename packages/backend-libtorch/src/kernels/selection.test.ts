import * as tf from '@tensorflow/tfjs-core'
import { type Case, compareWithCpu } from '../__fixtures__/compare-with-cpu.ts'

const selections: Case[] = [
  {
    name: 'where',
    run: (c, a, b) => tf.where(c!, a!, b!),
    inputs: [
      ['bool', [3, 4]],
      [3, 4],
      [3, 4],
    ],
  },
  {
    name: 'where with one condition per row',
    run: (c, a) => tf.where(c!, a!, tf.mul(a!, 2)),
    inputs: [['bool', [3]], [3]],
  },
  {
    name: 'gather',
    run: (x) =>
      tf.gather(
        x!,
        tf.tensor2d(
          [
            [2, 0],
            [1, 1],
          ],
          [2, 2],
          'int32',
        ),
        1,
      ),
    inputs: [[2, 3, 4]],
  },
  {
    name: 'gather per batch',
    run: (x) =>
      tf.gather(
        x!,
        tf.tensor2d(
          [
            [2, 0],
            [1, 1],
          ],
          [2, 2],
          'int32',
        ),
        1,
        1,
      ),
    inputs: [[2, 3, 4]],
  },
  {
    name: 'gatherND',
    run: (x) =>
      tf.gatherND(
        x!,
        tf.tensor2d(
          [
            [2, 0],
            [1, 1],
          ],
          [2, 2],
          'int32',
        ),
      ),
    inputs: [[3, 3, 4]],
    gradient: false,
  },
  {
    name: 'scatterND',
    run: (x) => tf.scatterND(tf.tensor2d([[2], [0], [2]], [3, 1], 'int32'), x!, [4, 2]),
    inputs: [[3, 2]],
    gradient: false,
  },
  {
    name: 'tensorScatterUpdate',
    run: (x, rows) => tf.tensorScatterUpdate(x!, tf.tensor2d([[3], [0]], [2, 1], 'int32'), rows!),
    inputs: [
      [4, 3],
      [2, 3],
    ],
    gradient: false,
  },
  {
    name: 'unsortedSegmentSum',
    run: (x) => tf.unsortedSegmentSum(x!, tf.tensor1d([2, 0, -1, 2], 'int32'), 3),
    inputs: [[4, 2]],
  },
  { name: 'topk', run: (x) => Object.values(tf.topk(x!, 3)), inputs: [[4, 9]], gradient: false },
  { name: 'topk of ties', run: () => Object.values(tf.topk(tf.tensor1d([1, 3, 2, 3, 3, 1]), 4)), inputs: [] },
  {
    name: 'topk of long rows',
    run: (x) => Object.values(tf.topk(x!, 5)),
    inputs: [[2, 5000]],
    gradient: false,
  },
  {
    name: 'oneHot',
    run: () => [
      tf.oneHot(tf.tensor1d([0, 2, 5, -1], 'int32'), 4),
      tf.oneHot(tf.tensor1d([1], 'int32'), 3, 2, -1, 'float32'),
    ],
    inputs: [],
  },
]

compareWithCpu('selections', selections)
