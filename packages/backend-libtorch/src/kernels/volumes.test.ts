import * as tf from '@tensorflow/tfjs-core'
import { type Case, compareWithCpu } from '../__fixtures__/compare-with-cpu.ts'

const convolution = (
  name: string,
  input: readonly number[],
  filter: readonly number[],
  strides: number | [number, number, number],
  pad: 'same' | 'valid',
  dilations: number | [number, number, number] = 1,
): Case => ({
  name,
  run: (x, filter) => tf.conv3d(x as tf.Tensor5D, filter as tf.Tensor5D, strides, pad, 'NDHWC', dilations),
  inputs: [input, filter],
  // tfjs has no gradient of dilated ones
  gradient: dilations === 1,
})

const volumes: Case[] = [
  convolution('conv3d valid', [2, 4, 5, 6, 3], [2, 3, 2, 3, 4], 1, 'valid'),
  convolution('conv3d same, stride 2', [2, 5, 4, 3, 2], [3, 2, 3, 2, 3], 2, 'same'),
  convolution('conv3d with uneven strides', [1, 4, 6, 5, 2], [2, 2, 2, 2, 3], [1, 2, 3], 'same'),
  convolution('conv3d dilated', [1, 6, 6, 6, 2], [2, 2, 2, 2, 3], 1, 'valid', [1, 2, 3]),
  {
    name: 'conv3dTranspose',
    run: (x, filter) =>
      tf.conv3dTranspose(x as tf.Tensor5D, filter as tf.Tensor5D, [1, 4, 4, 4, 3], 2, 'same'),
    inputs: [
      [1, 2, 2, 2, 2],
      [3, 3, 3, 3, 2],
    ],
    gradient: false,
  },
]

compareWithCpu('convolutions of volumes', volumes)
