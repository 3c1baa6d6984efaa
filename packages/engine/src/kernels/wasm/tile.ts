/** Repetition along axes. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { KernelConfig, TensorInfo, TileAttrs } from '@tensorflow/tfjs-core'
import { floats } from './memory.ts'
import { wasmKernel } from './wasm-kernel.ts'

/** The TensorFlow.js kernel `Tile`, which copies blocks where the original works out every element's place. */
export function tile(original: KernelConfig): KernelConfig {
  return wasmKernel<{ x: TensorInfo }, TileAttrs>('Tile', (backend, { x }, { reps }) =>
    x.dtype === 'float32'
      ? repeated(backend, x, reps)
      : (original.kernelFunc({ backend, inputs: { x }, attrs: { reps } }) as TensorInfo),
  )
}

/** A new float32 tensor that repeats x `times[axis]` times along each axis. */
export function repeated(backend: BackendWasm, x: TensorInfo, times: readonly number[]): TensorInfo {
  const shape = x.shape.map((length, axis) => length * times[axis]!)
  const output = backend.makeOutput(shape, 'float32')
  let values = floats(backend, x)
  // The innermost axis first: the blocks of an axis hold all axes behind it, which are complete then.
  let inner = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    values = repeatBlocks(values, x.shape[axis]! * inner, times[axis]!)
    inner *= shape[axis]!
  }
  floats(backend, output).set(values)
  return output
}

function repeatBlocks(
  values: Float32Array<ArrayBuffer>,
  block: number,
  times: number,
): Float32Array<ArrayBuffer> {
  if (times === 1) return values
  const result = new Float32Array(values.length * times)
  for (let from = 0, to = 0; from < values.length; from += block) {
    if (block === 1) {
      result.fill(values[from]!, to, to + times)
      to += times
      continue
    }
    const source = values.subarray(from, from + block)
    for (let time = 0; time < times; time++, to += block) result.set(source, to)
  }
  return result
}
