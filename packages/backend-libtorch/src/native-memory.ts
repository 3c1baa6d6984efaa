/** Where the elements of this backend's tensors lie, for libraries that read and write them in place. */
import type { NativeMemory } from '@simclr/core'
import type { LibtorchBackend } from './libtorch-backend.ts'
import { LibtorchError } from './libtorch-error.ts'

/**
 * @param stream The CUDA stream on which torch computes, for a GPU.
 * @returns undefined for a device whose memory has no addresses.
 */
export function libtorchMemory(
  backend: LibtorchBackend,
  stream: (() => bigint) | undefined,
): NativeMemory | undefined {
  const { torch } = backend
  const { kind, index } = torch.device
  if (kind === 'mps') return undefined
  return {
    device: kind,
    deviceIndex: index,
    rowMajor: (tensor) =>
      torch.scope(() => {
        const isAsToldByDtype =
          torch.dataType(backend.activation(tensor)) === torch.dataType(backend.handle(tensor))
        const handle = backend.handle(tensor)
        if (isAsToldByDtype && torch.isRowMajor(handle)) return backend.share(tensor)
        const copy = torch.call('clone', handle, torch.abi.contiguous)
        return backend.output(copy, tensor.shape, tensor.dtype)
      }),
    empty: (shape, dtype) =>
      torch.scope(() => {
        if (dtype !== 'float32' && dtype !== 'int32') {
          throw new LibtorchError(`Native memory holds float32 and int32, not ${dtype}.`)
        }
        return backend.output(torch.empty(shape, torch.abi.dataTypes[dtype]), shape, dtype)
      }),
    address: (tensor) => torch.scope(() => torch.address(backend.handle(tensor))),
    stream: () => stream?.() ?? 0n,
  }
}
