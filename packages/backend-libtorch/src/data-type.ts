/** How tfjs data types are stored in torch tensors and in JavaScript. */
import type { DataType } from '@tensorflow/tfjs-core'
import { LibtorchError } from './libtorch-error.ts'

/** The tfjs data types that live in torch tensors; strings stay in JavaScript and complex64 is refused. */
export type StoredType = 'float32' | 'int32' | 'bool'

/** @throws LibtorchError for a type that cannot be stored in a torch tensor */
export function storedType(dtype: DataType): StoredType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype
  throw new LibtorchError(
    `The libtorch backend computes with float32, int32 and bool tensors, not with ${dtype}.`,
  )
}

/** The typed array in which tfjs hands out values of a type. */
export function typedArray(dtype: StoredType, length: number): Float32Array | Int32Array | Uint8Array {
  if (dtype === 'float32') return new Float32Array(length)
  return dtype === 'int32' ? new Int32Array(length) : new Uint8Array(length)
}
