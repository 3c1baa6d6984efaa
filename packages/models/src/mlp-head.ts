/** The classifier that fine-tuning starts from a layer of the projection head (SimCLRv2, section 2; official model.py: `ft_proj_selector`). */
import { type ApplyOptions, checkInteger, checkRange, type Module } from '@simclr/core'
import { type Tensor2D, tidy } from '@tensorflow/tfjs-core'
import { CompositeModule } from './composite-module.ts'
import { LinearHead } from './linear-head.ts'
import type { ProjectionHead } from './projection-head.ts'

export interface MlpHeadOptions {
  /** Pretrained, or new for training from the start. The head owns it. */
  readonly projection: ProjectionHead
  /** How many of its layers come before the linear one; 0 makes a linear head. Default 1, as in SimCLRv2. */
  readonly layers?: number
  readonly classes: number
  /** Of the linear layer; default 0. */
  readonly seed?: number
}

/**
 * Maps features `[n, inputWidth]` to logits `[n, classes]`. Its parameters are those of the layers that it uses,
 * named as in the projection head, then `dense.kernel` and `dense.bias`.
 *
 * @example
 * const projection = new ProjectionHead({ inputWidth: 2048, layers: 3 })
 * const head = new MlpHead({ projection, classes: 1000 }) // 2048 → 2048 → 1000
 */
export class MlpHead extends CompositeModule<Tensor2D, Tensor2D> {
  /** Length of the logits. */
  readonly classes: number
  /** Whether a ReLU comes before the linear layer: it ends every layer of a projection head but the last. */
  readonly rectified: boolean
  protected readonly children: readonly Module<Tensor2D, Tensor2D>[]
  private readonly projection: ProjectionHead
  private readonly layers: number
  private readonly linear: LinearHead

  /** @throws SimclrError if the projection head has fewer layers, or for a number of classes below 1. */
  constructor({ projection, layers = 1, classes, seed = 0 }: MlpHeadOptions) {
    super()
    const count = projection.children.length
    checkInteger('MlpHead: layers', layers, 0)
    checkRange('MlpHead: layers', layers, 0, count, 'Take at most as many layers as the projection head has.')
    const inputWidth = projection.widths[layers]!
    this.linear = new LinearHead({ inputWidth, classes, seed })
    this.children = [...projection.children.slice(0, layers), this.linear]
    this.projection = projection
    this.layers = layers
    this.classes = classes
    this.rectified = layers > 0 && layers < count
  }

  /** @throws SimclrError if x has another width. */
  override apply(x: Tensor2D, options: ApplyOptions): Tensor2D {
    return tidy(() => this.linear.apply(this.projection.apply(x, { ...options, layers: this.layers })))
  }

  /** Disposes the projection head too, all of its layers. */
  override dispose(): void {
    this.projection.dispose()
    this.linear.dispose()
  }
}
