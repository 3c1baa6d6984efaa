/** The gradient of batch normalisation with the statistics of the batch. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core'
import { runChannelPass } from './channel-passes.ts'
import { floats } from './memory.ts'
import { wasmKernel } from './wasm-kernel.ts'

export interface BatchNormTrainingGradInputs {
  readonly dy: TensorInfo
  /** The output of the forward kernel; there exactly if it applied the ReLU. */
  readonly y?: TensorInfo
  readonly x: TensorInfo
  readonly scale?: TensorInfo
  readonly mean: TensorInfo
  readonly inverseDeviation: TensorInfo
}

/**
 * The kernel `BatchNormTrainingGrad`: `[dx, dscale, doffset]`, and `dresidual` as the fourth with `hasResidual`.
 *
 * With g the gradient before the ReLU and n the normalised x, both per channel over m rows:
 * dx = scale · inverseDeviation · (g − Σg / m − n · Σ(g · n) / m), which is linear in g and x.
 */
export const batchNormTrainingGrad: KernelConfig = wasmKernel<
  BatchNormTrainingGradInputs,
  { hasResidual: boolean }
>('BatchNormTrainingGrad', (backend, inputs, { hasResidual }) => {
  const { x } = inputs
  const channels = x.shape.at(-1)!
  const rows = x.shape.reduce((product, length) => product * length, 1) / channels
  const g = gradientBeforeRelu(backend, inputs)
  const outputs = [x.shape, [channels], [channels]].map((shape) => backend.makeOutput(shape, 'float32'))

  const means = floats(backend, inputs.mean).slice()
  const inverses = floats(backend, inputs.inverseDeviation).slice()
  const [sums, products] = runChannelPass(backend, 'gradientSums', {
    arrays: [g, x],
    tables: [means],
    sums: 2,
  })
  floats(backend, outputs[1]!).set(products!.map((product, c) => product * inverses[c]!))
  floats(backend, outputs[2]!).set(sums!)

  const scales = inputs.scale && floats(backend, inputs.scale)
  const slopes = inverses.map((inverse, c) => inverse * (scales?.[c] ?? 1))
  const curvatures = slopes.map((slope, c) => (-slope * inverses[c]! ** 2 * products![c]!) / rows)
  const shifts = slopes.map((slope, c) => (-slope * sums![c]!) / rows)
  const tables = [means, slopes, curvatures, shifts]
  runChannelPass(backend, 'inputGradient', { arrays: [g, x, outputs[0]!], tables })

  if (hasResidual) return [...outputs, g]
  backend.disposeData(g.dataId)
  return outputs
})

/** A new reference to dy, or a new tensor with dy where the ReLU let the value through. */
function gradientBeforeRelu(
  backend: BackendWasm,
  { dy, y, x: { shape } }: BatchNormTrainingGradInputs,
): TensorInfo {
  if (y === undefined) {
    backend.incRef(dy.dataId)
    return { dataId: dy.dataId, shape, dtype: dy.dtype }
  }
  const g = backend.makeOutput(shape, 'float32')
  runChannelPass(backend, 'mask', { arrays: [dy, y, g] })
  return g
}
