/** The values of a wasm tensor where they lie. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { TensorInfo } from '@tensorflow/tfjs-core'

/**
 * A view of a float32 tensor's memory. Making a tensor may move all memory and leave earlier views empty:
 * make the outputs first, then take the views.
 */
export function floats(backend: BackendWasm, tensor: TensorInfo): Float32Array {
  return backend.typedArrayFromHeap(tensor) as Float32Array
}
