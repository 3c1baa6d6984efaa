/** Kernels that make tensors from nothing, or the same tensor in another type. */
import {
  type CastAttrs,
  type CastInputs,
  type DataType,
  type FillAttrs,
  type IdentityInputs,
  type LinSpaceAttrs,
  type OneHotAttrs,
  type OneHotInputs,
  type RangeAttrs,
  type TensorInfo,
  util,
  type ZerosLikeInputs,
} from '@tensorflow/tfjs-core'
import { storedType, typedArray } from '../data-type.ts'
import { type AnyKernel, type KernelTable, kernel } from '../kernel.ts'
import type { LibtorchBackend } from '../libtorch-backend.ts'
import { cast } from './cast.ts'
import { realPart } from './complex.ts'

export const creationKernels: KernelTable = {
  Identity: kernel<IdentityInputs>(({ inputs: { x }, backend }) => backend.share(x)),

  Cast: kernel<CastInputs, CastAttrs>(({ inputs: { x }, attrs: { dtype }, backend, torch }) => {
    if (x.dtype === dtype) return backend.share(x)
    const handle = backend.handle(x)
    const numbers = x.dtype === 'complex64' ? realPart(torch, handle) : handle
    return backend.output(cast(torch, numbers, storedType(dtype)), x.shape, dtype)
  }),

  Fill: kernel<unknown, FillAttrs>(({ attrs: { shape, value, dtype }, backend, torch }) => {
    const type = dtype ?? util.inferDtype(value)
    if (type === 'string') {
      const strings = new Array<Uint8Array>(util.sizeFromShape(shape)).fill(util.encodeString(String(value)))
      return { dataId: backend.write(strings, shape, 'string'), shape, dtype: 'string' }
    }
    const view = torch.call('expand', torch.constant(Number(value), storedType(type)), shape, false)
    return backend.output(torch.call('clone', view, torch.abi.contiguous), shape, type)
  }),

  ZerosLike: like('zeros_like'),
  OnesLike: like('ones_like'),

  Range: kernel<unknown, RangeAttrs>(({ attrs: { start, stop, step, dtype }, backend }) => {
    const signed = stop < start && step === 1 ? -1 : step
    const count = Math.max(0, Math.ceil((stop - start) / signed))
    return fromFunction(backend, count, dtype, (i) => start + i * signed)
  }),

  LinSpace: kernel<unknown, LinSpaceAttrs>(({ attrs: { start, stop, num }, backend }) =>
    fromFunction(backend, num, 'float32', (i) => start + (i * (stop - start)) / Math.max(num - 1, 1)),
  ),

  OneHot: kernel<OneHotInputs, OneHotAttrs>(({ inputs: { indices }, attrs, backend, torch }) => {
    const { dtype, depth, onValue, offValue } = attrs
    const numbers = Int32Array.from({ length: depth }, (_, i) => i)
    const classes = torch.tensor(numbers, [depth], { source: 'int32' })
    const matches = torch.call('eq.Tensor', torch.call('unsqueeze', backend.handle(indices), -1), classes)
    const type = storedType(dtype)
    const values = torch.call(
      'where.self',
      matches,
      torch.constant(onValue, type),
      torch.constant(offValue, type),
    )
    return backend.output(values, [...indices.shape, depth], dtype)
  }),
}

function like(operator: 'zeros_like' | 'ones_like'): AnyKernel {
  return kernel<ZerosLikeInputs>(({ inputs: { x }, backend, torch }) =>
    backend.output(torch.call(operator, backend.handle(x), null, null, null, null, null), x.shape, x.dtype),
  )
}

function fromFunction(
  backend: LibtorchBackend,
  count: number,
  dtype: DataType,
  value: (index: number) => number,
): TensorInfo {
  const values = typedArray(storedType(dtype), count)
  for (let i = 0; i < count; i++) values[i] = value(i)
  return { dataId: backend.write(values, [count], dtype), shape: [count], dtype }
}
