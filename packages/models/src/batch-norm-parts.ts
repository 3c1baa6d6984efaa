/** The parts of batch normalisation between which several processes exchange sums, and the engines' kernels for them. */
import { engine, getBackend, getKernel, type NamedTensorMap, type Tensor } from '@tensorflow/tfjs-core'
import type { BatchNormGradientInputs, BatchNormInputs } from './batch-norm-pass.ts'

/** Mean and 1 / sqrt(variance + epsilon) of all processes' rows, `[C]` each. */
interface Statistics {
  readonly mean: Tensor
  readonly inverseDeviation: Tensor
}

/** Inputs of the last part; `meanScale` and `meanOffset` are the means, over all rows, of dOutput · normalized and dOutput. */
export interface InputGradientInputs extends Statistics {
  readonly dOutput: Tensor
  readonly x: Tensor
  readonly scale?: Tensor
  readonly meanScale: Tensor
  readonly meanOffset: Tensor
}

/** Each works on this process's rows alone; x is `[N, H, W, C]` or `[N, C]`. */
export interface BatchNormParts {
  /** @returns `[mean, variance]`, `[C]` each; the variance is biased. */
  moments(inputs: { readonly x: Tensor }): Tensor[]
  /** @returns maybeRelu((x − mean) · inverseDeviation · scale + offset + residual) */
  normalize(inputs: BatchNormInputs & Statistics, attributes: { relu: boolean }): Tensor
  /**
   * @param attributes `discardsY` says that nobody reads `y` afterwards, so that an engine may compute in its memory
   * @returns `[dOutput, dScale, dOffset]`: dy, where there is `y` only where that is positive, and its sums over the rows
   */
  gradientSums(inputs: Omit<BatchNormGradientInputs, 'scale'>, attributes: { discardsY: boolean }): Tensor[]
  /**
   * @param attributes `discardsOutputGradient` says the same of `dOutput`
   * @returns (dOutput − meanOffset − normalized · meanScale) · scale · inverseDeviation
   */
  inputGradient(inputs: InputGradientInputs, attributes: { discardsOutputGradient: boolean }): Tensor
}

const KERNELS = ['BatchNormMoments', 'BatchNormNormalize', 'BatchNormGradSums', 'BatchNormInputGrad'] as const

/** The current backend's kernels for the parts, or undefined if it lacks one. */
export function nativeBatchNormParts(): BatchNormParts | undefined {
  const backend = getBackend()
  if (KERNELS.some((name) => getKernel(name, backend) === undefined)) return undefined
  return {
    moments: (inputs) => run('BatchNormMoments', { ...inputs }),
    normalize: (inputs, attributes) => run('BatchNormNormalize', { ...inputs }, attributes),
    gradientSums: (inputs, attributes) => run('BatchNormGradSums', { ...inputs }, attributes),
    inputGradient: (inputs, attributes) => run('BatchNormInputGrad', { ...inputs }, attributes),
  }
}

function run<T extends Tensor | Tensor[]>(
  kernel: (typeof KERNELS)[number],
  inputs: NamedTensorMap,
  attributes: Record<string, boolean> = {},
): T {
  return engine().runKernel<T>(kernel, inputs, attributes)
}
