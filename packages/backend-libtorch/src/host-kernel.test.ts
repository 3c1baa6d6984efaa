/** The adapter of tfjs's own kernels: lists of inputs, several outputs, every type, errors, leaks. */
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { testingLibrary } from './__fixtures__/testing-library.ts'
import { liveHandles, registerLibtorch } from './register-libtorch.ts'

const library = testingLibrary()

describe.skipIf(library === undefined)('kernels on the host', () => {
  beforeAll(async () => {
    registerLibtorch({ library: library! })
    await tf.setBackend('libtorch')
  })

  it('return several outputs with their types', () => {
    tf.tidy(() => {
      const { values, indices } = tf.unique(tf.tensor1d([7, 3, 7, 3, 1]))
      expect([values.dtype, indices.dtype]).toEqual(['float32', 'int32'])
      expect(values.arraySync()).toEqual([7, 3, 1])
      expect(indices.arraySync()).toEqual([0, 1, 0, 1, 2])
    })
  })

  it('take lists of tensors', () => {
    tf.tidy(() => {
      const splits = [tf.tensor1d([0, 3, 3, 5], 'int32')]
      const ragged = tf.raggedGather(splits, tf.tensor1d([1, 2, 3, 4, 5]), tf.tensor1d([2, 0], 'int32'), 1)
      expect(ragged.outputNestedSplits.map((split) => split.arraySync())).toEqual([[0, 2, 5]])
      expect(ragged.outputDenseValues.arraySync()).toEqual([4, 5, 1, 2, 3])
    })
  })

  it('take and return strings', () => {
    tf.tidy(() => {
      const { values, shape } = tf.string.stringSplit(tf.tensor1d(['a b', 'ü']), ' ')
      expect(values!.arraySync()).toEqual(['a', 'b', 'ü'])
      expect(shape!.arraySync()).toEqual([2, 2])
    })
  })

  it('see the logical order of a transposed tensor', () => {
    tf.tidy(() => {
      const transposed = tf.transpose(tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]))
      expect(tf.unique(tf.reshape(transposed, [6])).values.arraySync()).toEqual([1, 4, 2, 5, 3, 6])
      expect(tf.unique(transposed, 0).values.arraySync()).toEqual(transposed.arraySync())
    })
  })

  it('draw the same samples for the same seed, from the given distribution', () => {
    tf.tidy(() => {
      const logits = tf.log(tf.tensor2d([0.2, 0.8, 1e-30], [1, 3])) as tf.Tensor2D
      const draw = () => tf.multinomial(logits, 4000, 7).dataSync() as Int32Array
      const samples = draw()
      expect(samples).toEqual(draw())
      expect(samples.filter((sample) => sample === 1).length / 4000).toBeCloseTo(0.8, 1)
      expect(samples.includes(2)).toBe(false)
    })
  })

  it('suppress overlapping boxes', () => {
    tf.tidy(() => {
      const boxes = tf.tensor2d([0, 0, 1, 1, 0, 0.1, 1, 1.1, 0, 10, 1, 11], [3, 4])
      const kept = tf.image.nonMaxSuppression(boxes, tf.tensor1d([0.6, 0.9, 0.3]), 3, 0.5)
      expect(kept.arraySync()).toEqual([1, 2])
    })
  })

  it('pass on the messages of bad input', () => {
    const ids = tf.tensor1d([1, 0], 'int32')
    expect(() =>
      tf.tidy(() => tf.sparse.sparseSegmentSum(tf.zeros([2, 2]) as tf.Tensor2D, ids, ids)),
    ).toThrow('segment ids are not increasing')
    ids.dispose()
  })

  it('leave nothing behind', () => {
    const before = [liveHandles(), tf.backend().numDataIds()]
    const run = () => {
      const { values, indices } = tf.unique(tf.tensor1d([1, 2, 1]))
      return tf.bincount(indices as tf.Tensor1D, tf.gather(values, indices) as tf.Tensor1D, 3)
    }
    expect(() => tf.tidy(() => void run())).toLeakNoTensors()
    expect([liveHandles(), tf.backend().numDataIds()]).toEqual(before)
  })

  it('do not register the cpu backend', () => {
    expect(tf.findBackendFactory('cpu')).toBeNull()
  })
})
