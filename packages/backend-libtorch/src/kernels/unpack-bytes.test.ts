import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { testingLibrary } from '../__fixtures__/testing-library.ts'
import { registerLibtorch } from '../register-libtorch.ts'

const library = testingLibrary()
describe.skipIf(library === undefined)('UnpackBytes (skipped without libtorch)', () => {
  beforeAll(async () => {
    registerLibtorch({ library: library! })
    await tf.setBackend('libtorch')
  })

  const unpack = (packed: tf.Tensor, shape: number[]): tf.Tensor =>
    tf.engine().runKernel('UnpackBytes', { packed }, { shape })

  it('gives every byte its unsigned value, in the order of memory', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i ^ 90)
    const packed = tf.tensor2d(new Int32Array(bytes.buffer), [8, 8], 'int32')
    const unpacked = unpack(packed, [4, 64])
    expect(unpacked.dtype).toBe('float32')
    expect(unpacked.shape).toEqual([4, 64])
    expect(unpacked.dataSync()).toEqual(Float32Array.from(bytes))
    packed.dispose()
    unpacked.dispose()
  })

  it('refuses other types and sizes', () => {
    expect(() => unpack(tf.zeros([2], 'int32'), [7])).toThrow(/bytes of shape \[7\], got 8 bytes/)
    expect(() => unpack(tf.zeros([2]), [8])).toThrow(/float32/)
  })
})
