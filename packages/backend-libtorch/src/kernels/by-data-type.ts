/** Which kernels compute with strings and complex numbers: torch alone would refuse the first and often drop half of the second. */
import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { AnyKernel, KernelTable } from '../kernel.ts'
import { LibtorchError } from '../libtorch-error.ts'
import { stringKernels } from './strings.ts'

/** Kernels that are right for complex64. */
const complexCapable: ReadonlySet<string> = new Set([
  ...['Complex', 'Real', 'Imag', 'ComplexAbs', 'FFT', 'IFFT', 'Cast', 'Identity', 'ZerosLike', 'OnesLike'],
  ...['Add', 'AddV2', 'AddN', 'Sub', 'Multiply', 'RealDiv', 'Square', 'Neg', 'Equal', 'NotEqual'],
  ...['Sum', 'Prod', 'Cumsum', 'Cumprod', 'BatchMatMul', 'Einsum'],
  ...['Reshape', 'ExpandDims', 'Transpose', 'Slice', 'StridedSlice', 'SplitV', 'Concat', 'Pack', 'Unpack'],
  ...['PadV2', 'Tile', 'BroadcastTo', 'Reverse', 'Select', 'GatherV2', 'GatherNd', 'ScatterNd'],
  ...['TensorScatterUpdate', 'UnsortedSegmentSum'],
])

type TorchKernel = (call: { readonly inputs: Readonly<Record<string, TensorInfo | undefined>> }) => TensorInfo

/** The torch kernels, extended to strings where the host has a kernel for them, and limited to the types they are right for. */
export function byDataType(torchKernels: KernelTable): KernelTable {
  return Object.fromEntries(
    Object.entries(torchKernels).map(([name, run]) => [name, dispatching(name, run as TorchKernel)]),
  )
}

function dispatching(name: string, onTorch: TorchKernel): AnyKernel {
  const onStrings = stringKernels[name] as TorchKernel | undefined
  const admitsComplex = complexCapable.has(name)
  const run: TorchKernel = (call) => {
    const types = Object.values(call.inputs).map((input) => input?.dtype)
    if (onStrings !== undefined && types.includes('string')) return onStrings(call)
    if (!admitsComplex && types.includes('complex64')) {
      throw new LibtorchError('This kernel cannot compute with complex numbers.')
    }
    return onTorch(call)
  }
  return run as AnyKernel
}
