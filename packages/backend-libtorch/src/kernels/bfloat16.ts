/** Kernels beyond tfjs that halve the bytes of float32 tensors for a transfer; `@simclr/distributed` looks them up. */
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { type KernelTable, kernel } from '../kernel.ts'

export const bfloat16Kernels: KernelTable = {
  /** [2n] float32 → [n] int32, each the bits of two numbers rounded to bfloat16. */
  PackBfloat16: kernel<{ x: TensorInfo }>(({ inputs: { x }, backend, torch }) => {
    const { bfloat16, int32 } = torch.abi.dataTypes
    const short = torch.to(backend.handle(x), bfloat16)
    const words = torch.call('view.dtype', torch.call('contiguous', short, torch.abi.contiguous), int32)
    return backend.output(words, [x.shape[0]! / 2], 'int32')
  }),

  /** [n] int32 → [2n] float32: the inverse. */
  UnpackBfloat16: kernel<{ x: TensorInfo }>(({ inputs: { x }, backend, torch }) => {
    const { bfloat16, float32 } = torch.abi.dataTypes
    const words = torch.call('contiguous', backend.handle(x), torch.abi.contiguous)
    const values = torch.to(torch.call('view.dtype', words, bfloat16), float32)
    return backend.output(values, [2 * x.shape[0]!], 'float32')
  }),
}
