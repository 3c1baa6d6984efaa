/** Values for which the wasm backend's own kernels, or faster ones, could go wrong. */
import { formulaValues } from '@simclr/tools/testing'
import {
  clipByValue,
  clone,
  concat,
  conv2d,
  gather,
  matMul,
  maximum,
  minimum,
  relu,
  slice,
  sum,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
  tensor,
  tensor1d,
  tensor2d,
  tidy,
  tile,
  unsortedSegmentSum,
  valueAndGrad,
} from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { useEngine } from '../../index.ts'

const fixed = (shape: number[]): Tensor =>
  tensor(
    formulaValues(
      2,
      shape.reduce((product, size) => product * size, 1),
    ),
    shape,
  )

test('unsortedSegmentSum keeps whole numbers whole, and ids outside the range count for nothing', async () => {
  await useEngine('wasm')
  const sums = unsortedSegmentSum(
    tensor2d(
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [3, 2],
      'int32',
    ),
    tensor1d([1, -1, 1], 'int32'),
    2,
  )
  expect(sums.dtype).toBe('int32')
  expect([...sums.dataSync()]).toEqual([0, 0, 6, 8])
})

test('NaN comes through the rectifier and through comparisons, as on the other engines', async () => {
  await useEngine('wasm')
  tidy(() => {
    const x = tensor1d([Number.NaN, -1, 2, 3, Number.NaN])
    expect([...relu(x).dataSync()]).toEqual([Number.NaN, 0, 2, 3, Number.NaN])
    expect([...clipByValue(x, 0, 2.5).dataSync()]).toEqual([Number.NaN, 0, 2, 2.5, Number.NaN])
    expect([...maximum(x, 0).dataSync()]).toEqual([Number.NaN, 0, 2, 3, Number.NaN])
    expect([...minimum(2.5, x).dataSync()]).toEqual([Number.NaN, -1, 2, 2.5, Number.NaN])
  })
})

test('whole numbers and truth values take the same ways', async () => {
  await useEngine('wasm')
  tidy(() => {
    const x = tensor2d([1, 2, 3, 4], [2, 2], 'int32')
    expect([...tile(x, [1, 2]).dataSync()]).toEqual([1, 2, 1, 2, 3, 4, 3, 4])
    expect([...gather(x, tensor1d([1, 1], 'int32')).dataSync()]).toEqual([3, 4, 3, 4])
    const truths = tensor1d([true, false, true], 'bool')
    expect([...gather(truths, tensor1d([1, 2], 'int32')).dataSync()]).toEqual([0, 1])
    expect([...maximum(x, tensor1d([2, 2], 'int32')).dataSync()]).toEqual([2, 2, 3, 4])
    expect(() => gather(x, tensor1d([2], 'int32'))).toThrow(/index value 2 is not in \[0, 1\]/)
  })
})

test('one matrix on the left serves every matrix of a batch on the right', async () => {
  await useEngine('wasm')
  tidy(() => {
    const [a, b] = [fixed([1, 6, 7]), fixed([3, 7, 16])] as [Tensor3D, Tensor3D]
    const separate = [0, 1, 2].map((batch) => matMul(a, slice(b, [batch, 0, 0], [1, 7, 16])))
    expect(matMul(a, b)).toBeAllClose(concat(separate).dataSync(), { relative: 1e-6 })
  })
})

test('matrices that do not fit are refused', async () => {
  await useEngine('wasm')
  tidy(() => {
    const [a, b] = [fixed([2, 3]), fixed([2, 4])]
    expect(() => matMul(a, b, false, true)).toThrow('inner lengths 3 and 4 of [2,3] and [2,4] must be equal')
    expect(() => matMul(fixed([5, 2, 3]), fixed([5, 2, 3]))).toThrow('inner lengths 3 and 2')
  })
})

test('gather picks from each batch its own', async () => {
  await useEngine('wasm')
  tidy(() => {
    const x = tensor2d([0, 1, 2, 10, 11, 12], [2, 3])
    const picks = tensor2d([2, 0, 1, 1], [2, 2], 'int32')
    expect([...gather(x, picks, 1, 1).dataSync()]).toEqual([2, 0, 11, 11])
  })
})

test('comparisons spread both operands', async () => {
  await useEngine('wasm')
  tidy(() => {
    const larger = maximum(tensor2d([1, 5], [2, 1]), tensor2d([0, 2, 4, 6, 8], [1, 5]))
    expect([...larger.dataSync()]).toEqual([1, 2, 4, 6, 8, 5, 5, 5, 6, 8])
  })
})

test('a clone lives on when its original is disposed', async () => {
  await useEngine('wasm')
  const original = tensor1d([1, 2, 3])
  const copy = clone(original)
  original.dispose()
  expect([...copy.dataSync()]).toEqual([1, 2, 3])
  copy.dispose()
})

test('results outlive the growth of the memory that a kernel causes', async () => {
  await useEngine('wasm')
  tidy(() => {
    const x = fixed([64, 32, 32, 48]) as Tensor4D // 12 MB: its gradients make the memory grow
    const filter = fixed([3, 3, 48, 8]) as Tensor4D
    const total = (f: Tensor) => sum(conv2d(x, f as Tensor4D, 1, 1))
    const { grad } = valueAndGrad(total)(filter)
    const middle = sum(x, [0, 1, 2]) // the centre of the filter meets every pixel
    expect(slice(grad, [1, 1, 0, 0], [1, 1, 48, 1])).toBeAllClose(middle.dataSync(), {
      relative: 1e-3,
      absolute: 0.5,
    })
  })
})
