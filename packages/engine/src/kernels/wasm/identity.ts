/** A second tensor over the same values. */
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core'
import { wasmKernel } from './wasm-kernel.ts'

/** The TensorFlow.js kernel `Identity` without wasm's copy: values never change, so that two tensors can share them. */
export const identity: KernelConfig = wasmKernel<{ x: TensorInfo }>('Identity', (backend, { x }) => {
  backend.incRef(x.dataId)
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype }
})
