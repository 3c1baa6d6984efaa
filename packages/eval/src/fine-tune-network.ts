/** Encoder and classifier as the one network that fine-tuning trains. */
import type { ApplyOptions, Parameter, StateVariable } from '@simclr/core'
import type { LinearHead, MlpHead } from '@simclr/models'
import { type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import type { Encoder } from './extract-features.ts'

/**
 * @param batchNormMomentum Of every batch normalisation in training; default: each layer's own.
 * @returns An encoder whose features are the logits. It owns neither part.
 */
export function fineTuneNetwork(
  encoder: Encoder,
  head: LinearHead | MlpHead,
  batchNormMomentum?: number,
): Encoder {
  const named = (prefix: string, parameters: Parameter[]): Parameter[] =>
    parameters.map((parameter) => ({ ...parameter, name: `${prefix}.${parameter.name}` }))
  const momentum = batchNormMomentum === undefined ? {} : { batchNormMomentum }
  return {
    featureWidth: head.classes,
    apply: (x: Tensor4D, { training }: ApplyOptions) => {
      const options = { training, ...momentum }
      return tidy(() => head.apply(encoder.apply(x, options), options))
    },
    parameters: () => [...named('encoder', encoder.parameters()), ...named('head', head.parameters())],
    state: (): StateVariable[] => [...encoder.state(), ...head.state()],
    dispose: () => {},
  }
}
