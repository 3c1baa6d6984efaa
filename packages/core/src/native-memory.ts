/** How native libraries reach the elements of tensors, on backends whose tensors they can read and write in place. */
import { backend, type DataType, type TensorInfo } from '@tensorflow/tfjs-core'

/** What a backend offers as its property `nativeMemory`. */
export interface NativeMemory {
  /** Where the memory is. */
  readonly device: 'cpu' | 'cuda'
  /** Index of the CUDA device; 0 on a processor. */
  readonly deviceIndex: number
  /** The tensor itself if its memory is row-major, else a row-major copy, which the caller disposes. */
  rowMajor(tensor: TensorInfo): TensorInfo
  /** A new tensor of any content, row-major. */
  empty(shape: readonly number[], dtype: DataType): TensorInfo
  /** Address of the first element of a row-major tensor, until that is disposed. */
  address(tensor: TensorInfo): bigint
  /** The CUDA stream in which the device works, as a pointer; 0 on a processor. */
  stream(): bigint
}

/** The native memory of the current backend; undefined if it has none, and tensors must be read into JavaScript. */
export function nativeMemory(): NativeMemory | undefined {
  return (backend() as unknown as { nativeMemory?: NativeMemory }).nativeMemory
}
