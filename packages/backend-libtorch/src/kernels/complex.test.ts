/** Complex numbers against naive formulas on pairs of reals, and leaks. */
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { testingLibrary } from '../__fixtures__/testing-library.ts'
import { liveHandles, registerLibtorch } from '../register-libtorch.ts'

const library = testingLibrary()

/** A complex tensor with its parts. */
function parts(shape: number[], seed: number): { z: tf.Tensor; re: tf.Tensor; im: tf.Tensor } {
  const re = tf.randomNormal(shape, 0, 1, 'float32', seed)
  const im = tf.randomNormal(shape, 0, 1, 'float32', seed + 1)
  return { z: tf.complex(re, im), re, im }
}

function expectParts(actual: tf.Tensor, re: tf.Tensor, im: tf.Tensor): void {
  expect(actual.dtype).toBe('complex64')
  expect(actual.shape).toEqual(re.shape)
  expect(tf.real(actual)).toBeAllClose(re, { absolute: 1e-5 })
  expect(tf.imag(actual)).toBeAllClose(im, { absolute: 1e-5 })
}

/** Sum of x[j]·exp(∓2πijk/n), by definition. */
function naiveTransform(re: ArrayLike<number>, im: ArrayLike<number>, sign: 1 | -1): [number[], number[]] {
  const n = re.length
  const sums: [number[], number[]] = [[], []]
  for (let k = 0; k < n; k++) {
    let [real, imaginary] = [0, 0]
    for (let j = 0; j < n; j++) {
      const angle = (sign * 2 * Math.PI * j * k) / n
      real += re[j]! * Math.cos(angle) - im[j]! * Math.sin(angle)
      imaginary += re[j]! * Math.sin(angle) + im[j]! * Math.cos(angle)
    }
    sums[0].push(real)
    sums[1].push(imaginary)
  }
  return sums
}

/** Operations that move or add elements: on complex numbers they act on both parts alike. */
const linear: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  add: (x) => tf.add(x, tf.slice(x, [0, 1], [3, 1])),
  addN: (x) => tf.addN([x, x, x]),
  sub: (x) => tf.sub(x, tf.slice(x, [1, 0], [1, 4])),
  neg: (x) => tf.neg(x),
  sum: (x) => tf.sum(x, 1),
  cumsum: (x) => tf.cumsum(x, 1, true),
  clone: (x) => tf.clone(x),
  zerosLike: (x) => tf.zerosLike(x),
  reshape: (x) => tf.reshape(x, [2, 6]),
  expandDims: (x) => tf.expandDims(x, 1),
  transpose: (x) => tf.transpose(x),
  slice: (x) => tf.slice(x, [1, 1], [2, 2]),
  stridedSlice: (x) => tf.stridedSlice(x, [2, 0], [0, 4], [-1, 2]),
  split: (x) => tf.split(x, 2, 1)[1]!,
  concat: (x) => tf.concat([x, x], 1),
  stack: (x) => tf.stack([x, x], 1),
  unstack: (x) => tf.unstack(x, 1)[2]!,
  pad: (x) =>
    tf.pad(x, [
      [1, 0],
      [0, 2],
    ]),
  tile: (x) => tf.tile(x, [2, 1]),
  broadcastTo: (x) => tf.broadcastTo(x, [2, 3, 4]),
  reverse: (x) => tf.reverse(x, 1),
  where: (x) => tf.where(tf.tensor2d([1, 0, 1], [3, 1], 'bool'), x, tf.zerosLike(x)),
  gather: (x) => tf.gather(x, tf.tensor1d([3, 0], 'int32'), 1),
  gatherND: (x) => tf.gatherND(x, tf.tensor2d([[2, 1]], [1, 2], 'int32')),
  scatterND: (x) => tf.scatterND(tf.tensor2d([[1], [1], [4]], [3, 1], 'int32'), x, [5, 4]),
  tensorScatterUpdate: (x) =>
    tf.tensorScatterUpdate(x, tf.tensor2d([[2]], [1, 1], 'int32'), tf.slice(x, [0, 0], [1, 4])),
  unsortedSegmentSum: (x) => tf.unsortedSegmentSum(x, tf.tensor1d([1, 0, 1], 'int32'), 2),
}

describe.skipIf(library === undefined)('complex64', () => {
  beforeAll(async () => {
    registerLibtorch({ library: library! })
    await tf.setBackend('libtorch')
  })

  it.each(Object.entries(linear))('%s acts on both parts', (_, run) => {
    const before = liveHandles()
    tf.tidy(() => {
      const { z, re, im } = parts([3, 4], 1)
      expectParts(run(z), run(re), run(im))
    })
    expect(liveHandles()).toBe(before)
  })

  it('multiplies, divides and takes magnitudes', () => {
    tf.tidy(() => {
      const [a, b] = [parts([2, 3], 1), parts([3], 5)]
      const realOfProduct = tf.sub(tf.mul(a.re, b.re), tf.mul(a.im, b.im))
      const imaginaryOfProduct = tf.add(tf.mul(a.re, b.im), tf.mul(a.im, b.re))
      const product = tf.mul(a.z, b.z)
      expectParts(product, realOfProduct, imaginaryOfProduct)
      expectParts(tf.div(product, b.z), a.re, a.im)
      expectParts(tf.prod(tf.stack([a.z, tf.broadcastTo(b.z, [2, 3])]), 0), realOfProduct, imaginaryOfProduct)
      expect(tf.abs(a.z)).toBeAllClose(tf.sqrt(tf.add(tf.square(a.re), tf.square(a.im))), {
        absolute: 1e-6,
      })
      expect(tf.equal(a.z, a.z)).toBeAllClose([1, 1, 1, 1, 1, 1])
    })
  })

  it('multiplies matrices', () => {
    tf.tidy(() => {
      const [a, b] = [parts([2, 3], 1), parts([3, 4], 5)]
      const re = tf.sub(tf.matMul(a.re, b.re), tf.matMul(a.im, b.im))
      const im = tf.add(tf.matMul(a.re, b.im), tf.matMul(a.im, b.re))
      expectParts(tf.matMul(a.z, b.z), re, im)
      expectParts(tf.einsum('ij,jk->ik', a.z, b.z), re, im)
    })
  })

  it.each([1, 2, 5, 8, 12])('transforms vectors of length %d as the definition does, and back', (n) => {
    tf.tidy(() => {
      const { z, re, im } = parts([2, n], n)
      const spectrum = tf.fft(z)
      const [rows, imaginaryRows] = [re.arraySync(), im.arraySync()] as [number[][], number[][]]
      const expected = rows.map((row, i) => naiveTransform(row, imaginaryRows[i]!, -1))
      expectParts(
        spectrum,
        tf.tensor(expected.map((row) => row[0])),
        tf.tensor(expected.map((row) => row[1])),
      )
      expectParts(tf.ifft(spectrum), re, im)
    })
  })

  it('reads real and imaginary parts in turn, converts, and moves between backends', () => {
    tf.tidy(() => {
      const z = tf.complex([1.5, -2], [3, 0.25])
      expect(z.dataSync()).toEqual(new Float32Array([1.5, 3, -2, 0.25]))
      expect(tf.cast(z, 'int32').dataSync()).toEqual(new Int32Array([1, -2]))
      expectParts(tf.cast(tf.tensor1d([4, 5], 'int32'), 'complex64'), tf.tensor1d([4, 5]), tf.zeros([2]))
      const dataId = tf.backend().write(new Float32Array([1, 2, 3, 4]), [2], 'complex64')
      expect(tf.backend().readSync(dataId)).toEqual(new Float32Array([1, 2, 3, 4]))
      tf.backend().disposeData(dataId)
    })
    expect(() => tf.backend().write(new Float32Array(3), [3], 'complex64')).toThrow('needs 6 values, got 3')
  })

  it('refuses them where only real numbers are meant', () => {
    expect(() => tf.tidy(() => tf.exp(tf.complex([1], [2])))).toThrow('cannot compute with complex numbers')
    expect(() => tf.tidy(() => tf.mean(tf.complex([1], [2])))).toThrow('cannot compute with complex numbers')
  })
})
