/** Batch normalisation of a training step (Ioffe & Szegedy 2015). */
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core'
import { runChannelPass } from './channel-passes.ts'
import { floats } from './memory.ts'
import { wasmKernel } from './wasm-kernel.ts'

export interface BatchNormTrainingInputs {
  /** `[N, H, W, C]` or `[N, C]`. */
  readonly x: TensorInfo
  /** `[C]`; absent means 1. */
  readonly scale?: TensorInfo
  /** `[C]`; absent means 0. */
  readonly offset?: TensorInfo
  /** Added before the ReLU; shaped like x. */
  readonly residual?: TensorInfo
}

/**
 * The kernel `BatchNormTraining`: `[y, mean, inverseDeviation]` with the biased statistics of the batch, in
 * float64 inside. NaN anywhere in a channel makes all of it NaN, through the ReLU too.
 */
export const batchNormTraining: KernelConfig = wasmKernel<
  BatchNormTrainingInputs,
  { epsilon: number; relu: boolean }
>('BatchNormTraining', (backend, { x, scale, offset, residual }, { epsilon, relu }) => {
  const channels = x.shape.at(-1)!
  const rows = x.shape.reduce((product, length) => product * length, 1) / channels
  const outputs = [x.shape, [channels], [channels]].map((shape) => backend.makeOutput(shape, 'float32'))
  const y = outputs[0]!

  const [sums, squares] = runChannelPass(backend, 'moments', { arrays: [x], sums: 2 })
  const [mean, inverseDeviation] = outputs.slice(1).map((output) => floats(backend, output))
  for (let c = 0; c < channels; c++) {
    const average = sums![c]! / rows
    const variance = Math.max(0, squares![c]! / rows - average * average)
    mean![c] = average
    inverseDeviation![c] = 1 / Math.sqrt(variance + epsilon)
  }
  const scales = scale && floats(backend, scale)
  const factors = inverseDeviation!.map((inverse, c) => inverse * (scales?.[c] ?? 1))
  const offsets = offset === undefined ? new Float32Array(channels) : floats(backend, offset)
  // Copies, since the next pass takes memory, which may move what the views show.
  const tables = [mean!.slice(), factors, offsets.slice()]
  runChannelPass(backend, 'normalize', { arrays: [x, y], tables })
  if (residual !== undefined) runChannelPass(backend, 'add', { arrays: [y, residual] })
  if (relu) runChannelPass(backend, 'rectify', { arrays: [y, y] })
  return outputs
})
