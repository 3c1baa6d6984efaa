/** The contract between batch normalisation and the engines that have their own operations for it. */
import type { Tensor } from '@tensorflow/tfjs-core'

/** Inputs of the forward operation: x is `[N, H, W, C]` or `[N, C]`, the residual alike, scale and offset `[C]`. */
export interface BatchNormInputs {
  readonly x: Tensor
  readonly scale?: Tensor
  readonly offset?: Tensor
  readonly residual?: Tensor
}

/** Inputs of the backward operation; `y` is there exactly if the forward operation applied ReLU. */
export interface BatchNormGradientInputs {
  readonly dy: Tensor
  readonly y?: Tensor
  readonly x: Tensor
  readonly scale?: Tensor
  readonly mean: Tensor
  readonly inverseDeviation: Tensor
}

/** Both directions of batch normalisation with the statistics of the batch. */
export interface BatchNormPass {
  /**
   * @returns `[y, mean, inverseDeviation]` with y = maybeRelu(normalized · scale + offset + residual) and the
   *   biased batch statistics `[C]`; inverseDeviation = 1 / sqrt(variance + epsilon).
   */
  forward(inputs: BatchNormInputs, attributes: { epsilon: number; relu: boolean }): Tensor[]
  /**
   * @param attributes `discardsY` says that nobody reads `y` afterwards, so that an engine may compute in its memory
   * @returns `[dx, dscale, doffset]`, and `dresidual` as the fourth where there is a residual.
   */
  backward(
    inputs: BatchNormGradientInputs,
    attributes: { epsilon: number; relu: boolean; hasResidual: boolean; discardsY: boolean },
  ): Tensor[]
}
