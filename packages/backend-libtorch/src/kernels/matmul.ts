/** Matrix products. */
import {
  type _FusedMatMulAttrs,
  type _FusedMatMulInputs,
  type BatchMatMulAttrs,
  type BatchMatMulInputs,
  backend_util,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import { type KernelTable, kernel } from '../kernel.ts'
import type { LibtorchBackend } from '../libtorch-backend.ts'
import { LibtorchError } from '../libtorch-error.ts'
import type { Handle } from '../stable-abi.ts'
import { activate } from './activation.ts'

export const matmulKernels: KernelTable = {
  BatchMatMul: kernel<BatchMatMulInputs, BatchMatMulAttrs>(({ inputs: { a, b }, attrs, backend }) => {
    const { product, shape } = multiply(backend, a, b, attrs)
    return backend.output(product, shape, a.dtype)
  }),

  _FusedMatMul: kernel<_FusedMatMulInputs, _FusedMatMulAttrs, 'bias' | 'preluActivationWeights'>(
    ({ inputs, attrs, backend, torch }) => {
      const { a, b, bias, preluActivationWeights } = inputs
      const { product, shape } = multiply(backend, a, b, attrs)
      const sum = bias === undefined ? product : torch.add(product, backend.handle(bias))
      const slopes = preluActivationWeights && backend.handle(preluActivationWeights)
      return backend.output(activate(torch, sum, { ...attrs, slopes }), shape, a.dtype)
    },
  ),
}

/** `a · b` of matrices [..., M, K] and [..., K, N], batch axes broadcast. */
function multiply(
  backend: LibtorchBackend,
  a: TensorInfo,
  b: TensorInfo,
  { transposeA, transposeB }: BatchMatMulAttrs,
): { product: Handle; shape: number[] } {
  const { torch } = backend
  if (a.shape.length < 2 || b.shape.length < 2) {
    throw new LibtorchError('A matrix product needs tensors of rank 2 or more.')
  }
  const [rows, innerA] = matrixSize(a, transposeA)
  const [innerB, columns] = matrixSize(b, transposeB)
  if (innerA !== innerB)
    throw new LibtorchError(`The inner sizes ${innerA} and ${innerB} of a matrix product differ.`)
  const batch = backend_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2))
  const oriented = (x: TensorInfo, transposed: boolean) =>
    transposed ? torch.call('transpose.int', backend.handle(x), -2, -1) : backend.handle(x)
  const product = torch.call('matmul', oriented(a, transposeA), oriented(b, transposeB))
  return { product, shape: [...batch, rows, columns] }
}

function matrixSize({ shape }: TensorInfo, transposed: boolean): [rows: number, columns: number] {
  const [rows, columns] = shape.slice(-2) as [number, number]
  return transposed ? [columns, rows] : [rows, columns]
}
