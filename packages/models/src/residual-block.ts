/** What basic and bottleneck blocks share: a main branch, added to the input or to its projection (He et al. 2016). */
import type { ApplyOptions, Module } from '@simclr/core'
import { type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import { CompositeModule } from './composite-module.ts'
import { ConvNorm } from './conv-norm.ts'
import type { LayerContext } from './layer.ts'

export interface ResidualBlockOptions {
  /** e.g. `group1.block0`. */
  readonly name: string
  readonly inputWidth: number
  /** Width of the 3×3 convolutions. */
  readonly width: number
  readonly stride: number
  /** Whether the shortcut is a 1×1 convolution with the block's stride, as in the first block of a group. */
  readonly projection: boolean
}

/** relu(main branch + shortcut); ReLU after every pair of the main branch, the last one's after the sum. */
export abstract class ResidualBlock extends CompositeModule<Tensor4D, Tensor4D> {
  private readonly shortcut: ConvNorm | undefined
  protected abstract readonly branch: readonly ConvNorm[]

  constructor(
    { name, inputWidth, stride, projection }: ResidualBlockOptions,
    outputWidth: number,
    context: LayerContext,
  ) {
    super()
    if (!projection) return
    this.shortcut = new ConvNorm(
      { name: `${name}.shortcut`, index: 1, inputWidth, outputWidth, size: 1, stride },
      context,
    )
  }

  protected get children(): readonly Module[] {
    return this.shortcut === undefined ? this.branch : [this.shortcut, ...this.branch]
  }

  override apply(x: Tensor4D, { training }: ApplyOptions): Tensor4D {
    return tidy(() => {
      const residual = this.shortcut?.apply(x, { training }) ?? x
      const last = this.branch.length - 1
      return this.branch.reduce(
        (hidden, pair, i) =>
          pair.apply(hidden, { training, relu: true, residual: i === last ? residual : undefined }),
        x,
      )
    })
  }
}
