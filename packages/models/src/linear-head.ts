/** The classifier behind an encoder: linear evaluation, fine-tuning, supervised training (official model.py: SupervisedHead). */
import { type ApplyOptions, checkInteger, checkShape, RandomKey, singleProcess } from '@simclr/core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { CompositeModule } from './composite-module.ts'
import { Linear } from './linear.ts'

export interface LinearHeadOptions {
  /** Width of the features, e.g. `encoder.featureWidth`. */
  readonly inputWidth: number
  readonly classes: number
  /** Default 0. */
  readonly seed?: number
}

/** Maps features `[n, inputWidth]` to logits `[n, classes]`; parameters `dense.kernel` and `dense.bias`. */
export class LinearHead extends CompositeModule<Tensor2D, Tensor2D> {
  /** Length of the logits. */
  readonly classes: number
  protected readonly children: readonly [Linear]
  private readonly inputWidth: number

  /** @throws SimclrError for a width or a number of classes below 1. */
  constructor({ inputWidth, classes, seed = 0 }: LinearHeadOptions) {
    super()
    checkInteger('LinearHead: inputWidth', inputWidth, 1)
    checkInteger('LinearHead: classes', classes, 1)
    const context = { key: RandomKey.fromSeed(seed), frozen: false, communicator: singleProcess }
    this.children = [new Linear({ name: 'dense', inputWidth, outputWidth: classes, bias: true }, context)]
    this.inputWidth = inputWidth
    this.classes = classes
  }

  /** @throws SimclrError if x has another width. */
  override apply(x: Tensor2D, _options?: ApplyOptions): Tensor2D {
    checkShape('LinearHead: features', x.shape, [-1, this.inputWidth])
    return this.children[0].apply(x)
  }
}
