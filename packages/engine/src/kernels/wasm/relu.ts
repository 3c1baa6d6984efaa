/** The rectifier. */
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core'
import { runChannelPass } from './channel-passes.ts'
import { wasmKernel } from './wasm-kernel.ts'

/** Replaces wasm's `Relu`, which makes NaN 0, so that an image with NaN would go unnoticed. */
export function relu(original: KernelConfig): KernelConfig {
  return wasmKernel<{ x: TensorInfo }>('Relu', (backend, { x }) => {
    if (x.dtype !== 'float32') return original.kernelFunc({ backend, inputs: { x }, attrs: {} }) as TensorInfo
    const y = backend.makeOutput(x.shape, 'float32')
    runChannelPass(backend, 'rectify', { arrays: [x, y] })
    return y
  })
}
