/** The smaller and the larger of two values. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { broadcast_util, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core'
import { runChannelPass } from './channel-passes.ts'
import { repeated } from './tile.ts'
import { wasmKernel } from './wasm-kernel.ts'

/** Replaces wasm's `Minimum` or `Maximum`, which branch for each element; this one is NaN where either value is. */
export function extremum(name: 'minimum' | 'maximum'): (original: KernelConfig) => KernelConfig {
  return (original) =>
    wasmKernel<{ a: TensorInfo; b: TensorInfo }>(original.kernelName, (backend, inputs) => {
      const { a, b } = inputs
      if (a.dtype !== 'float32' || b.dtype !== 'float32') {
        return original.kernelFunc({ backend, inputs: { a, b }, attrs: {} }) as TensorInfo
      }
      const shape = broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape)
      const operands = [a, b].map((operand) => broadcast(backend, operand, shape))
      const result = backend.makeOutput(shape, 'float32')
      runChannelPass(backend, name, { arrays: [...operands, result] })
      for (const { dataId } of operands) backend.disposeData(dataId)
      return result
    })
}

/** A new reference to a tensor, or a new tensor that repeats it where the shape demands it. */
function broadcast(backend: BackendWasm, tensor: TensorInfo, shape: readonly number[]): TensorInfo {
  const full = [...Array<number>(shape.length - tensor.shape.length).fill(1), ...tensor.shape]
  const times = shape.map((length, axis) => (full[axis] === 1 ? length : 1))
  if (times.some((count) => count !== 1)) return repeated(backend, { ...tensor, shape: full }, times)
  backend.incRef(tensor.dataId)
  return tensor
}
