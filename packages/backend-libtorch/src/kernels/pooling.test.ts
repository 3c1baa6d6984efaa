/** The gradient of average pooling over a border, where tfjs's cpu backend is no reference, against finite differences. */
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { testingLibrary } from '../__fixtures__/testing-library.ts'
import { registerLibtorch } from '../register-libtorch.ts'

const library = testingLibrary()

describe.skipIf(library === undefined)('average pooling over the border', () => {
  beforeAll(async () => {
    registerLibtorch({ library: library! })
    await tf.setBackend('libtorch')
  })

  for (const [size, stride] of [
    [3, 1],
    [3, 2],
    [2, 2],
  ] as const) {
    it(`window ${size}, stride ${stride}`, () => {
      const x = tf.randomNormal<tf.Rank.R4>([1, 6, 5, 1], 0, 1, 'float32', 1)
      const pooled = (x: tf.Tensor) => tf.avgPool(x as tf.Tensor4D, size, stride, 'same')
      const weights = tf.randomNormal(pooled(x).shape, 0, 1, 'float32', 2)
      // The function is linear, so one difference per element is exact.
      const value = (x: tf.Tensor) => tf.sum(tf.mul(weights, pooled(x)))
      const differences = Array.from({ length: x.size }, (_, i) => {
        const unit = tf.reshape(tf.oneHot(tf.tensor1d([i], 'int32'), x.size, 1, 0, 'float32'), x.shape)
        return value(unit).dataSync()[0]!
      })
      expect(tf.grad(value)(x)).toBeAllClose(differences, { absolute: 1e-6 })
    })
  }
})
