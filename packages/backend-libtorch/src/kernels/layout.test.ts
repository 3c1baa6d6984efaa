/** Tensors keep their values whatever memory layout the kernels choose for them. */
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { testingLibrary } from '../__fixtures__/testing-library.ts'
import { LibtorchBackend } from '../libtorch-backend.ts'
import { registerLibtorch } from '../register-libtorch.ts'

const library = testingLibrary()

describe.skipIf(library === undefined)('memory layout', () => {
  beforeAll(async () => {
    registerLibtorch({ library: library! })
    await tf.setBackend('libtorch')
  })

  it('a convolution converts its filter once and leaves its values', () => {
    const filter = tf.randomNormal<tf.Rank.R4>([3, 3, 4, 5])
    const values = filter.dataSync()
    expect(isRowMajor(filter)).toBe(true)
    const first = tf.conv2d(tf.ones([1, 6, 6, 4]) as tf.Tensor4D, filter, 1, 'same')
    expect(isRowMajor(filter)).toBe(false)
    expect(filter.dataSync()).toEqual(values)
    expect(tf.conv2d(tf.ones([1, 6, 6, 4]) as tf.Tensor4D, filter, 1, 'same')).toBeAllClose(first)
  })

  it("an optimizer's zeros take over the layout of the gradient they meet", () => {
    const gradient = tf.transpose(tf.randomNormal([5, 3, 3, 4]), [1, 2, 3, 0])
    const momentum = tf.zeros([3, 3, 4, 5])
    const next = tf.add(momentum, gradient)
    expect(isRowMajor(momentum)).toBe(false)
    expect(isRowMajor(next)).toBe(false)
    expect(momentum).toBeAllClose(new Float32Array(180))
    expect(next).toBeAllClose(gradient)
    const mixed = tf.sub(tf.fill([3, 3, 4, 5], 2, 'int32'), tf.cast(gradient, 'int32'))
    expect(mixed).toBeAllClose(gradient.dataSync().map((value) => 2 - Math.trunc(value)))
  })

  it('images pass through convolution and pooling without losing the NHWC order in memory', () => {
    const x = tf.randomNormal<tf.Rank.R4>([2, 8, 8, 3])
    const y = tf.maxPool(tf.conv2d(x, tf.ones<tf.Rank.R4>([3, 3, 3, 4]), 1, 'same'), 2, 2, 'valid')
    expect(isRowMajor(y)).toBe(true)
  })

  it('a slice owns its memory', () => {
    const whole = tf.range(0, 12)
    const part = tf.slice(whole, [4], [3])
    whole.dispose()
    expect(part).toBeAllClose([4, 5, 6])
  })
})

function isRowMajor(tensor: tf.Tensor): boolean {
  const backend = tf.backend() as LibtorchBackend
  expect(backend).toBeInstanceOf(LibtorchBackend)
  return backend.torch.isRowMajor(backend.handle(tensor))
}
