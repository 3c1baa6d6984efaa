/** What basic and bottleneck blocks share: a main branch, added to the input or to its projection (He et al. 2016). */
import type { ApplyOptions, Module } from '@simclr/core'
import { type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import { CompositeModule } from './composite-module.ts'
import type { ConvNorm } from './conv-norm.ts'
import type { LayerContext } from './layer.ts'
import type { SelectiveKernel } from './selective-kernel.ts'
import { Shortcut } from './shortcut.ts'

export interface ResidualBlockOptions {
  /** e.g. `group1.block0`. */
  readonly name: string
  readonly inputWidth: number
  /** Width of the 3×3 convolutions. */
  readonly width: number
  readonly stride: number
  /** Whether the shortcut is a 1×1 convolution with the block's stride; otherwise it is the identity. */
  readonly projection: boolean
  /** Above 0, the shortcut averages and a bottleneck's 3×3 convolution selects its kernels. */
  readonly selectiveKernelRatio: number
}

/** relu(main branch + shortcut); ReLU after every part of the main branch, the last one's after the sum. */
export abstract class ResidualBlock extends CompositeModule<Tensor4D, Tensor4D> {
  private readonly shortcut: Shortcut | undefined
  protected abstract readonly branch: readonly (ConvNorm | SelectiveKernel)[]

  constructor(options: ResidualBlockOptions, outputWidth: number, context: LayerContext) {
    super()
    const { name, inputWidth, stride, projection, selectiveKernelRatio } = options
    if (!projection) return
    const averaged = selectiveKernelRatio > 0
    this.shortcut = new Shortcut(
      { name: `${name}.shortcut`, inputWidth, outputWidth, stride, averaged },
      context,
    )
  }

  protected get children(): readonly Module[] {
    return this.shortcut === undefined ? this.branch : [this.shortcut, ...this.branch]
  }

  override apply(x: Tensor4D, options: ApplyOptions): Tensor4D {
    return tidy(() => {
      const residual = this.shortcut?.apply(x, options) ?? x
      const last = this.branch.length - 1
      return this.branch.reduce(
        (hidden, part, i) =>
          part.apply(hidden, { ...options, relu: true, residual: i === last ? residual : undefined }),
        x,
      )
    })
  }
}
