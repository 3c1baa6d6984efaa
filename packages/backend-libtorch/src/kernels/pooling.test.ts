/** Pooling, against tfjs's cpu backend where that is right, else against definitions. */
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Case, compareWithCpu } from '../__fixtures__/compare-with-cpu.ts'
import { expectAdjoint } from '../__fixtures__/expect-adjoint.ts'
import { testingLibrary } from '../__fixtures__/testing-library.ts'
import { registerLibtorch } from '../register-libtorch.ts'

const images = (x?: tf.Tensor) => x as tf.Tensor4D
const volumes = (x?: tf.Tensor) => x as tf.Tensor5D

const poolings: Case[] = [
  {
    name: 'maxPool under asymmetric, wide and uneven padding',
    run: (x) => [
      tf.maxPool(images(x), 2, 2, 'same'),
      tf.maxPool(images(x), 3, 1, 2),
      tf.maxPool(images(x), [2, 3], [2, 1], 1),
      tf.maxPool(images(x), [3, 2], 1, 1),
    ],
    inputs: [[2, 5, 7, 3]],
  },
  {
    name: 'maxPoolWithArgmax',
    run: (x) => [
      ...Object.values(tf.maxPoolWithArgmax(images(x), [3, 2], 2, 'same', true)),
      ...Object.values(tf.maxPoolWithArgmax(images(x), 2, 1, 'valid')),
    ],
    inputs: [[2, 5, 4, 3]],
    gradient: false,
  },
  {
    name: 'avgPool under asymmetric and wide padding',
    run: (x) => [tf.avgPool(images(x), 3, 2, 'same'), tf.avgPool(images(x), 3, 1, 2)],
    inputs: [[2, 5, 6, 3]],
    gradient: false,
  },
  {
    name: 'avgPool of whole windows',
    run: (x) => tf.avgPool(images(x), 2, 2, 'valid'),
    inputs: [[2, 5, 6, 3]],
  },
  { name: 'maxPool3d', run: (x) => tf.maxPool3d(volumes(x), 2, 2, 'same'), inputs: [[2, 3, 5, 4, 2]] },
  {
    name: 'avgPool3d',
    run: (x) => tf.avgPool3d(volumes(x), [2, 1, 2], 1, 'valid'),
    inputs: [[2, 3, 5, 4, 2]],
  },
  {
    name: 'avgPool3d over the border, and of every third element',
    run: (x) => [tf.avgPool3d(volumes(x), 3, 2, 'same'), tf.avgPool3d(volumes(x), 1, 3, 'same')],
    inputs: [[1, 4, 5, 6, 2]],
    gradient: false,
  },
]

compareWithCpu('poolings', poolings)

const library = testingLibrary()

describe.skipIf(library === undefined)('average pooling over the border', () => {
  beforeAll(async () => {
    registerLibtorch({ library: library! })
    await tf.setBackend('libtorch')
  })

  it.each([
    [3, 1],
    [3, 2],
    [2, 2],
  ] as const)('has the true gradient for window %i and stride %i', (size, stride) => {
    expectAdjoint((x) => tf.avgPool(images(x), size, stride, 'same'), [1, 6, 5, 1])
    expectAdjoint((x) => tf.avgPool3d(volumes(x), size, stride, 'same'), [1, 4, 3, 2, 1])
  })

  it('skips NaN in maxima', () => {
    const x = tf.tensor4d([1, Number.NaN, 3, 2], [1, 2, 2, 1])
    expect(tf.maxPool(x, 2, 1, 'valid')).toBeAllClose([3])
  })
})
