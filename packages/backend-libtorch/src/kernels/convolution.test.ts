import * as tf from '@tensorflow/tfjs-core'
import { type Case, compareWithCpu } from '../__fixtures__/compare-with-cpu.ts'

type Pad =
  | 'same'
  | 'valid'
  | number
  | [[number, number], [number, number], [number, number], [number, number]]
const paddings: Pad[] = [
  'same',
  'valid',
  1,
  [
    [0, 0],
    [1, 2],
    [2, 1],
    [0, 0],
  ],
]
const convolutions: Case[] = [
  ...paddings.flatMap((pad) =>
    [1, 2].flatMap((stride) =>
      [1, 2, 3].map((size) => ({
        name: `conv2d ${JSON.stringify(pad)} stride ${stride} size ${size}`,
        run: (x?: tf.Tensor, f?: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, stride, pad),
        inputs: [
          [2, 8, 7, 3],
          [size, size, 3, 4],
        ],
      })),
    ),
  ),
  {
    name: 'conv2d dilated',
    run: (x, f) => tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, 1, 'same', 'NHWC', 2),
    inputs: [
      [2, 8, 7, 3],
      [3, 3, 3, 4],
    ],
    gradient: false,
  },
  {
    name: 'conv2d of one channel',
    run: (x, f) => tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, 1, 'same'),
    inputs: [
      [1, 5, 5, 1],
      [3, 3, 1, 2],
    ],
  },
  {
    name: 'conv2d of single pixels, 8 channels and 9 images: oneDNN crashes at strides of 2',
    run: (x, f) => tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, 2, 'same'),
    inputs: [
      [9, 32, 32, 8],
      [1, 1, 8, 16],
    ],
    range: [-0.1, 0.1],
  },
  {
    name: 'conv2d of one channel into one column',
    run: (x, f) => tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, [1, 2], 'valid'),
    inputs: [
      [2, 4, 4, 1],
      [3, 3, 1, 2],
    ],
  },
  {
    name: 'conv2dTranspose',
    run: (x, f) => tf.conv2dTranspose(x as tf.Tensor4D, f as tf.Tensor4D, [2, 8, 8, 3], 2, 'same'),
    inputs: [
      [2, 4, 4, 5],
      [3, 3, 3, 5],
    ],
  },
  {
    name: 'fused conv2d',
    run: (x, f, bias) =>
      tf.fused.conv2d({
        x: x as tf.Tensor4D,
        filter: f as tf.Tensor4D,
        strides: 1,
        pad: 'same',
        bias: bias!,
        activation: 'relu',
      }),
    inputs: [[2, 6, 6, 3], [3, 3, 3, 4], [4]],
  },
  ...(['same', 'valid'] as const).flatMap((pad) =>
    [1, 2].map((stride) => ({
      name: `depthwiseConv2d ${pad} stride ${stride}`,
      run: (x?: tf.Tensor, f?: tf.Tensor) =>
        tf.depthwiseConv2d(x as tf.Tensor4D, f as tf.Tensor4D, stride, pad),
      inputs: [
        [2, 8, 7, 3],
        [3, 3, 3, 2],
      ],
    })),
  ),
  ...(['same', 'valid', 1] as const).flatMap((pad) =>
    [1, 2].flatMap((stride) => [
      {
        name: `maxPool ${pad} stride ${stride}`,
        run: (x?: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, 3, stride, pad),
        inputs: [[2, 8, 7, 3]],
      },
      {
        name: `avgPool ${pad} stride ${stride}`,
        run: (x?: tf.Tensor) => tf.avgPool(x as tf.Tensor4D, 3, stride, pad),
        inputs: [[2, 8, 7, 3]],
        // Where windows reach over the border, tfjs's cpu backend divides by the whole window: see pooling.test.ts.
        gradient: pad === 'valid',
      },
    ]),
  ),
  {
    name: 'batchNorm',
    run: (x, mean, variance, offset, scale) =>
      tf.batchNorm(
        x!,
        mean as tf.Tensor1D,
        tf.abs(variance as tf.Tensor1D),
        offset as tf.Tensor1D,
        scale as tf.Tensor1D,
        0.1,
      ),
    inputs: [[2, 3, 4, 5], [5], [5], [5], [5]],
  },
  {
    name: 'batchNorm without scale and offset',
    run: (x, mean, variance) => tf.batchNorm(x!, mean as tf.Tensor1D, tf.abs(variance as tf.Tensor1D)),
    inputs: [[6, 5], [5], [5]],
    gradient: false,
  },
]

compareWithCpu('convolutions', convolutions)
