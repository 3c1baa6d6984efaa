/** Image kernels, against tfjs's cpu backend where that is right, else against definitions. */
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Case, compareWithCpu } from '../__fixtures__/compare-with-cpu.ts'
import { expectAdjoint } from '../__fixtures__/expect-adjoint.ts'
import { testingLibrary } from '../__fixtures__/testing-library.ts'
import { registerLibtorch } from '../register-libtorch.ts'

const images = (x?: tf.Tensor) => x as tf.Tensor4D
const corners = [
  [false, false],
  [true, false],
  [false, true],
] as const
const fillModes = ['constant', 'reflect', 'wrap', 'nearest'] as const
const projection: number[] = [1.2, 0.4, -1.5, -0.3, 0.9, 1.7, 0.01, -0.02]

const cases: Case[] = [
  {
    name: 'resize',
    run: (x) =>
      corners.flatMap(([alignCorners, halfPixels]) =>
        (
          [
            [3, 9],
            [7, 2],
            [1, 1],
          ] as [number, number][]
        ).flatMap((size) => [
          tf.image.resizeBilinear(images(x), size, alignCorners, halfPixels),
          tf.image.resizeNearestNeighbor(images(x), size, alignCorners, halfPixels),
        ]),
      ),
    inputs: [[2, 5, 4, 3]],
    gradient: false,
  },
  {
    name: 'cropAndResize',
    run: (x) =>
      (['bilinear', 'nearest'] as const).map((method) => {
        const boxes = tf.tensor2d([0.1, 0.2, 0.9, 0.7, -0.5, 0, 1.5, 1, 1, 1, 0, 0], [3, 4])
        return tf.image.cropAndResize(images(x), boxes, tf.tensor1d([1, 0, 1], 'int32'), [4, 3], method, 0.25)
      }),
    inputs: [[2, 5, 6, 3]],
    gradient: false,
  },
  {
    name: 'transform',
    run: (x) =>
      fillModes.flatMap((mode) =>
        (['bilinear', 'nearest'] as const).map((interpolation) =>
          tf.image.transform(images(x), tf.tensor2d([projection]), interpolation, mode, 0.5, [7, 5]),
        ),
      ),
    inputs: [[1, 5, 6, 2]],
    gradient: false,
  },
  {
    name: 'rotateWithOffset',
    run: (x) => [
      tf.image.rotateWithOffset(images(x), 0.7, 0.25, [0.4, 0.6]),
      tf.image.rotateWithOffset(images(x), -2, [1, 2, 3], 0.5),
    ],
    inputs: [[2, 5, 6, 4]],
    gradient: false,
  },
  {
    name: 'flipLeftRight',
    run: (x) => tf.image.flipLeftRight(images(x)),
    inputs: [[2, 3, 4, 2]],
    gradient: false,
  },
  {
    name: 'depthToSpace',
    run: (x) => tf.depthToSpace(images(x), 2, 'NHWC'),
    inputs: [[2, 2, 3, 8]],
    gradient: false,
  },
  {
    name: 'spaceToBatchND and batchToSpaceND',
    run: (x) => {
      const blocks = tf.spaceToBatchND(
        x!,
        [2, 3],
        [
          [1, 0],
          [0, 2],
        ],
      )
      return [
        blocks,
        tf.batchToSpaceND(
          blocks,
          [2, 3],
          [
            [0, 1],
            [1, 0],
          ],
        ),
      ]
    },
    inputs: [[2, 3, 4, 2]],
  },
  {
    name: 'localResponseNormalization',
    run: (x) => tf.localResponseNormalization(images(x), 2, 1.5, 0.7, 0.6),
    inputs: [[2, 3, 2, 7]],
  },
  {
    name: 'dilation2d',
    run: (x, filter) => tf.dilation2d(images(x), filter as tf.Tensor3D, [2, 1], 'same', [1, 2]),
    inputs: [
      [2, 5, 6, 3],
      [3, 2, 3],
    ],
  },
]

compareWithCpu('image kernels', cases)

const library = testingLibrary()

describe.skipIf(library === undefined)('image kernels', () => {
  beforeAll(async () => {
    registerLibtorch({ library: library! })
    await tf.setBackend('libtorch')
  })

  it.each(corners)('resize with the true gradient: align corners %s, half pixels %s', (align, half) => {
    expectAdjoint((x) => tf.image.resizeBilinear(images(x), [5, 2], align, half), [2, 3, 4, 2])
    expectAdjoint((x) => tf.image.resizeNearestNeighbor(images(x), [5, 2], align, half), [2, 3, 4, 2])
  })

  it('transforms every image of a batch by its own matrix', () => {
    const x = tf.range(0, 12).reshape<tf.Tensor4D>([2, 2, 3, 1])
    const right = [1, 0, -1, 0, 1, 0, 0, 0]
    const identity = [1, 0, 0, 0, 1, 0, 0, 0]
    const moved = tf.image.transform(x, tf.tensor2d([right, identity]), 'nearest', 'constant', 9)
    expect(moved).toBeAllClose([9, 0, 1, 9, 3, 4, 6, 7, 8, 9, 10, 11])
  })

  it('refuse wrong boxes, matrices and gradients', () => {
    const x = tf.zeros<tf.Rank.R4>([1, 3, 3, 2])
    const box = tf.tensor2d([[0, 0, 1, 1]])
    const crop = () => tf.image.cropAndResize(x, box, tf.tensor1d([1], 'int32'), [2, 2])
    expect(crop).toThrow('boxInd must be at least 0 and less than 1, got 1')
    const transform = () =>
      tf.engine().runKernel('Transform', { image: x, transforms: tf.zeros([2, 8]) }, { fillMode: 'constant' })
    expect(transform).toThrow('transforms must have the shape [1 or 1, 8], got [2,8]')
    const inputs = { x, filter: tf.zeros([2, 2, 2]), dy: tf.zeros([1, 3, 3, 2]) }
    const attrs = { strides: 1, pad: 'valid', dilations: 1 }
    const dilation = () => tf.engine().runKernel('Dilation2DBackpropInput', inputs, attrs)
    expect(dilation).toThrow('dy must have the shape [1,2,2,2], got [1,3,3,2]')
  })
})
