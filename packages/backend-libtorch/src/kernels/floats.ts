/** The tensors of a kernel that takes a list. */
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { LibtorchError } from '../libtorch-error.ts'

/** @throws LibtorchError unless every tensor is float32 */
export function floats(inputs: Readonly<Record<string, TensorInfo>>): TensorInfo[] {
  const tensors = Object.values(inputs)
  const other = tensors.find(({ dtype }) => dtype !== 'float32')
  if (other !== undefined) throw new LibtorchError(`Every tensor must be float32, got ${other.dtype}.`)
  return tensors
}
