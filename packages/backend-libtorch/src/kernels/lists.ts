/**
 * Kernels beyond tfjs that work on lists of tensors, for optimizers: one call for all parameters of a network.
 *
 * Their inputs are numbered: first every tensor of the first list, then every tensor of the second. Libraries look
 * them up with `getKernel` and call tfjs operations one by one where they are missing.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { type KernelTable, kernel } from '../kernel.ts'
import { LibtorchError } from '../libtorch-error.ts'
import { floats } from './floats.ts'

/** For `norm_except_dim`: the norm over all dimensions. */
const NO_DIMENSION = -1

type Tensors = Readonly<Record<string, TensorInfo>>

export const listKernels: KernelTable = {
  /** a[i] + factor · b[i], of equal shapes. */
  EachAdd: kernel<Tensors, { factor: number }>(({ inputs, attrs: { factor }, backend, torch }) => {
    const [a, b] = halves(inputs)
    return a.map((tensor, i) => {
      if (tensor.shape.join() !== b[i]!.shape.join()) {
        throw new LibtorchError(
          `Tensor ${i} has shape [${tensor.shape}] in one list, [${b[i]!.shape}] in the other.`,
        )
      }
      const sum = torch.add(backend.handle(tensor), backend.handle(b[i]!), factor)
      return backend.output(sum, tensor.shape, 'float32')
    })
  }),

  /** a[i] · b[i], where b[i] is shaped like a[i] or a scalar; with `factor`, every tensor times that number. */
  EachMultiply: kernel<Tensors, { factor?: number }>(({ inputs, attrs: { factor }, backend, torch }) => {
    const [a, b] = factor === undefined ? halves(inputs) : [floats(inputs), []]
    const left = a.map((tensor) => backend.handle(tensor))
    const products =
      factor === undefined
        ? torch.callList(
            '_foreach_mul.List',
            left,
            b.map((tensor) => backend.handle(tensor)),
          )
        : torch.callList('_foreach_mul.Tensor', left, torch.constant(factor))
    return products.map((product, i) => backend.output(product, a[i]!.shape, 'float32'))
  }),

  /** The Euclidean norm of each tensor. */
  EachNorm: kernel<Tensors>(({ inputs, backend, torch }) =>
    floats(inputs).map((tensor) =>
      backend.output(torch.call('norm_except_dim', backend.handle(tensor), 2, NO_DIMENSION), [], 'float32'),
    ),
  ),
}

function halves(inputs: Tensors): [TensorInfo[], TensorInfo[]] {
  const tensors = floats(inputs)
  if (tensors.length % 2 === 1)
    throw new LibtorchError(`Two lists of equal length are needed, got ${tensors.length} tensors.`)
  return [tensors.slice(0, tensors.length / 2), tensors.slice(tensors.length / 2)]
}
