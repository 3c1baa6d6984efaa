/** Kernels for TensorFlow.js's wasm backend that work in JavaScript, directly on the memory of its tensors. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core'

/**
 * A kernel of the backend `wasm` from a function of its typed inputs and attributes.
 *
 * @param run makes its outputs with `backend.makeOutput`, whose memory starts with arbitrary values.
 */
export function wasmKernel<Inputs extends object, Attributes extends object = object>(
  kernelName: string,
  run: (backend: BackendWasm, inputs: Inputs, attributes: Attributes) => TensorInfo | TensorInfo[],
): KernelConfig {
  return {
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ backend, inputs, attrs }) =>
      run(backend as BackendWasm, inputs as unknown as Inputs, attrs as unknown as Attributes),
  }
}
