/** The projection shortcut of a residual block whose input is shaped unlike its output (He et al. 2016). */
import type { ApplyOptions } from '@simclr/core'
import { type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import { averagePool } from './average-pool.ts'
import { CompositeModule } from './composite-module.ts'
import { ConvNorm } from './conv-norm.ts'
import type { LayerContext } from './layer.ts'

export interface ShortcutOptions {
  readonly name: string
  readonly inputWidth: number
  readonly outputWidth: number
  readonly stride: number
  /** Whether an average pool takes the stride, as in SimCLRv2; otherwise the convolution does. */
  readonly averaged: boolean
}

/** 1×1 convolution and batch normalisation, without ReLU. */
export class Shortcut extends CompositeModule<Tensor4D, Tensor4D> {
  protected readonly children: readonly [ConvNorm]
  private readonly poolStride: number | undefined

  constructor({ name, inputWidth, outputWidth, stride, averaged }: ShortcutOptions, context: LayerContext) {
    super()
    const convolution = { inputWidth, outputWidth, size: 1, stride: averaged ? 1 : stride }
    this.children = [new ConvNorm({ name, index: 1, ...convolution }, context)]
    this.poolStride = averaged ? stride : undefined
  }

  override apply(x: Tensor4D, options: ApplyOptions): Tensor4D {
    return tidy(() => {
      const pooled = this.poolStride === undefined ? x : averagePool(x, this.poolStride)
      return this.children[0].apply(pooled, options)
    })
  }
}
