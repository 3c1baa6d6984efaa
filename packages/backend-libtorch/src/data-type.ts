/** How tfjs data types are stored in torch tensors and in JavaScript. */
import type { DataType } from '@tensorflow/tfjs-core'
import { LibtorchError } from './libtorch-error.ts'

/** The tfjs data types that live in torch tensors; strings stay in JavaScript. */
export type StoredType = 'float32' | 'int32' | 'bool' | 'complex64'

/** @throws LibtorchError for a type that cannot be stored in a torch tensor */
export function storedType(dtype: DataType): StoredType {
  if (dtype !== 'string') return dtype
  throw new LibtorchError('Strings cannot be stored in a torch tensor.')
}

/** Whether torch computes functions of real numbers on a type; others are converted first. */
export function isFloating(dtype: DataType): dtype is 'float32' | 'complex64' {
  return dtype === 'float32' || dtype === 'complex64'
}

/** The typed array in which tfjs hands out `length` elements of a type; a complex one is two floats, real part first. */
export function typedArray(dtype: StoredType, length: number): Float32Array | Int32Array | Uint8Array {
  if (dtype === 'complex64') return new Float32Array(2 * length)
  if (dtype === 'float32') return new Float32Array(length)
  return dtype === 'int32' ? new Int32Array(length) : new Uint8Array(length)
}
