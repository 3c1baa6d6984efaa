/** Limits. */
import type { ClipByValueAttrs, KernelConfig, TensorInfo } from '@tensorflow/tfjs-core'
import { runChannelPass } from './channel-passes.ts'
import { wasmKernel } from './wasm-kernel.ts'

/** Replaces wasm's `ClipByValue`, which puts the lower limit in place of NaN. */
export function clipByValue(original: KernelConfig): KernelConfig {
  return wasmKernel<{ x: TensorInfo }, ClipByValueAttrs>('ClipByValue', (backend, { x }, limits) => {
    if (x.dtype !== 'float32') {
      return original.kernelFunc({ backend, inputs: { x }, attrs: { ...limits } }) as TensorInfo
    }
    const y = backend.makeOutput(x.shape, 'float32')
    const asOneChannel = [x, y].map((tensor) => ({ ...tensor, shape: [...tensor.shape, 1] }))
    const { clipValueMin, clipValueMax } = limits
    runChannelPass(backend, 'clip', { arrays: asOneChannel, tables: [[clipValueMin], [clipValueMax]] })
    return y
  })
}
