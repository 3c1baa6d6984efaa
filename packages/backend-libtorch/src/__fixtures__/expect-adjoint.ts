/** Gradients of linear functions against their exact difference quotients. */
import * as tf from '@tensorflow/tfjs-core'
import { expect } from 'vitest'

/** Expects the gradient of a random weighting of `run`'s output to equal its change for each unit input of `shape`. */
export function expectAdjoint(run: (x: tf.Tensor) => tf.Tensor, shape: readonly number[]): void {
  tf.tidy(() => {
    const x = tf.randomNormal([...shape], 0, 1, 'float32', 1)
    const weights = tf.randomNormal(run(x).shape, 0, 1, 'float32', 2)
    const value = (x: tf.Tensor) => tf.sum(tf.mul(weights, run(x)))
    const differences = Array.from({ length: x.size }, (_, i) => {
      const unit = tf.reshape(tf.oneHot(tf.tensor1d([i], 'int32'), x.size, 1, 0, 'float32'), x.shape)
      return value(unit).dataSync()[0]!
    })
    expect(tf.grad(value)(x)).toBeAllClose(differences, { absolute: 2e-6 })
  })
}
