/** The online probe: a linear classifier of h that learns beside the encoder, which does not learn from it. */
import {
  type Communicator,
  checkShape,
  type NamedTensor,
  singleProcess,
  valueAndGradients,
} from '@simclr/core'
import { accuracy, type Features, predictedClasses } from '@simclr/eval'
import { softmaxCrossEntropy } from '@simclr/losses'
import { LinearHead } from '@simclr/models'
import { type LearningRate, type Optimizer, sgd } from '@simclr/optimizers'
import {
  argMax,
  equal,
  mean,
  stack,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs-core'
import { GradientAverage } from './gradient-average.ts'

export interface OnlineProbeOptions {
  /** Width of the features, e.g. `encoder.featureWidth`. */
  readonly inputWidth: number
  readonly classes: number
  /** A constant or a schedule over updates. */
  readonly learningRate: LearningRate
  /** Of the first weights; default 0. */
  readonly seed?: number
}

/**
 * Softmax regression by SGD with Nesterov momentum 0.9 and no weight decay, as in linear evaluation (paper appendix B.6),
 * on features that keep changing. It takes features as values: no gradient of it can reach what computed them.
 */
export class OnlineProbe {
  readonly #head: LinearHead
  readonly #optimizer: Optimizer

  /** @throws SimclrError for a width or a number of classes below 1, or a negative learning rate. */
  constructor({ inputWidth, classes, learningRate, seed = 0 }: OnlineProbeOptions) {
    this.#optimizer = sgd({ learningRate, momentum: 0.9, nesterov: true })
    this.#head = new LinearHead({ inputWidth, classes, seed })
  }

  /**
   * One update. Not within a gradient computation.
   *
   * @param features `[n, inputWidth]` float32. Not disposed.
   * @param labels Class of each row, 0..classes-1, length n.
   * @param communicator The processes that make the same update, each with n rows; default this one alone.
   * @returns `[2]`: mean cross-entropy and share of this process's rows classified correctly, before the update. The caller disposes it.
   * @throws SimclrError if shapes differ or a label is out of range.
   */
  train(features: Tensor2D, labels: Int32Array, communicator: Communicator = singleProcess): Tensor1D {
    return tidy(() => {
      const parameters = this.#head.parameters()
      const correct = equal(argMax(this.#head.apply(features), 1), tensor1d(labels, 'int32'))
      const average = new GradientAverage(communicator)
      const { value, gradients } = valueAndGradients(
        () => softmaxCrossEntropy(this.#head.apply(features), labels),
        parameters.map((parameter) => parameter.value),
        average.add,
      )
      this.#optimizer.update(parameters, average.finish(gradients))
      return stack([value, mean(correct)]) as Tensor1D
    })
  }

  /** The share of labelled features that it classifies correctly, 0–1. */
  async test({ features, width, labels }: Features & { readonly labels: Int32Array }): Promise<number> {
    const logits = tidy(() => this.#head.apply(tensor2d(features, [labels.length, width])))
    try {
      return accuracy(predictedClasses(await logits.data<'float32'>(), this.#head.classes), labels)
    } finally {
      logits.dispose()
    }
  }

  /** A snapshot of weights, momenta and step that later updates leave alone. The caller disposes the tensors. */
  state(): NamedTensor[] {
    const weights = this.#head.parameters().map(({ name, value }) => ({ name, value: value.clone() }))
    return [...weights, ...this.#optimizer.state()]
  }

  /**
   * Goes back to a snapshot, bit for bit. The tensors are not disposed.
   *
   * @throws SimclrError if it is of a probe of another width or number of classes.
   */
  load(state: readonly NamedTensor[]): void {
    const saved = new Map(state.map(({ name, value }) => [name, value]))
    const parameters = this.#head.parameters()
    for (const { name, value } of parameters) {
      checkShape(`OnlineProbe.load: ${name}`, saved.get(name)?.shape ?? [], value.shape)
    }
    for (const { name, value } of parameters) {
      tidy(() => value.assign(saved.get(name)!.clone()))
      saved.delete(name)
    }
    this.#optimizer.load([...saved].map(([name, value]) => ({ name, value })))
  }

  /** Disposes weights and momenta. The probe cannot be used afterwards. */
  dispose(): void {
    this.#head.dispose()
    this.#optimizer.dispose()
  }
}
