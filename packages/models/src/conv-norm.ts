/** A convolution and the batch normalisation behind it: the unit that ResNets are built of. */
import { type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import { BatchNorm, type BatchNormApplyOptions } from './batch-norm.ts'
import { CompositeModule } from './composite-module.ts'
import { Conv2d, type Conv2dOptions } from './conv2d.ts'
import type { LayerContext } from './layer.ts'

export interface ConvNormOptions extends Conv2dOptions {
  /** Number of this pair in its block: the layers are `${name}.conv${index}` and `${name}.bn${index}`. */
  readonly index: number
  /** Starting value of the normalisation's scale; default 1. */
  readonly initialScale?: number
}

/** Convolution, batch normalisation, then optionally a residual and ReLU. */
export class ConvNorm extends CompositeModule<Tensor4D, Tensor4D> {
  protected readonly children: readonly [Conv2d, BatchNorm]

  constructor({ name, index, initialScale = 1, ...options }: ConvNormOptions, context: LayerContext) {
    super()
    this.children = [
      new Conv2d({ ...options, name: `${name}.conv${index}` }, context),
      new BatchNorm({ ...context, name: `${name}.bn${index}`, width: options.outputWidth, initialScale }),
    ]
  }

  override apply(x: Tensor4D, options: BatchNormApplyOptions): Tensor4D {
    const [conv, norm] = this.children
    return tidy(() => norm.apply(conv.apply(x), options))
  }
}
