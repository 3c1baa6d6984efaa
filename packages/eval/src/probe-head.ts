/** The classifiers that a frozen encoder is judged with. */
import { checkInteger, type Module, SimclrError } from '@simclr/core'
import { LinearHead, MlpHead, ProjectionHead } from '@simclr/models'
import type { Tensor2D } from '@tensorflow/tfjs-core'

/** `linear`: softmax regression. `mlp`: one hidden layer (dense, batch normalisation, ReLU) before it. */
export type ProbeType = 'linear' | 'mlp'

export interface ProbeHeadOptions {
  /** Default `linear`. */
  readonly probe?: ProbeType
  /** Of an `mlp`; default inputWidth. */
  readonly hiddenWidth?: number
  /** Width of the features. */
  readonly inputWidth: number
  readonly classes: number
  readonly seed: number
}

/**
 * Maps features `[n, inputWidth]` to logits `[n, classes]`. The caller disposes it.
 *
 * @param caller Names the function that asks, for errors.
 * @throws SimclrError for an unknown probe, or a hidden width that is below 1 or of a linear probe.
 */
export function probeHead(
  caller: string,
  { probe = 'linear', hiddenWidth, inputWidth, classes, seed }: ProbeHeadOptions,
): Module<Tensor2D, Tensor2D> {
  if (hiddenWidth !== undefined) checkInteger(`${caller}: hiddenWidth`, hiddenWidth, 1)
  if (probe === 'linear' && hiddenWidth === undefined) return new LinearHead({ inputWidth, classes, seed })
  if (probe === 'mlp') {
    const hidden = hiddenWidth === undefined ? {} : { hiddenWidth }
    const projection = new ProjectionHead({ inputWidth, ...hidden, layers: 2, seed })
    return new MlpHead({ projection, layers: 1, classes, seed })
  }
  throw new SimclrError(
    probe === 'linear'
      ? {
          parameter: `${caller}: hiddenWidth`,
          expected: "absent with probe 'linear'",
          received: String(hiddenWidth),
          remedy: "Use probe: 'mlp'.",
        }
      : { parameter: `${caller}: probe`, expected: "'linear' or 'mlp'", received: `"${String(probe)}"` },
  )
}
