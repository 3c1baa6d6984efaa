/**
 * Bytes that came as 32-bit integers: a kernel beyond tfjs, which has no data type for them. Images then reach the engine in
 * a quarter of the memory. Libraries look it up with `getKernel` and convert bytes before the upload where it is missing.
 */
import { type TensorInfo, util } from '@tensorflow/tfjs-core'
import { type KernelTable, kernel } from '../kernel.ts'
import { LibtorchError } from '../libtorch-error.ts'

export const unpackBytesKernels: KernelTable = {
  /** The unsigned bytes of `packed`, int32 of any shape, in the order of memory (little endian), as float32 of `shape`. */
  UnpackBytes: kernel<{ packed: TensorInfo }, { shape: readonly number[] }>(
    ({ inputs: { packed }, attrs: { shape }, backend, torch }) => {
      const bytes = util.sizeFromShape(packed.shape) * 4
      if (packed.dtype !== 'int32' || util.sizeFromShape([...shape]) !== bytes) {
        throw new LibtorchError(
          `packed must be int32 and hold the bytes of shape [${shape}], got ${bytes} bytes as ${packed.dtype}.`,
        )
      }
      const { uint8, float32 } = torch.abi.dataTypes
      const flat = torch.call('reshape', backend.handle(packed), [-1])
      const unpacked = torch.to(torch.call('view.dtype', flat, uint8), float32)
      return backend.output(torch.call('reshape', unpacked, shape), [...shape], 'float32')
    },
  ),
}
