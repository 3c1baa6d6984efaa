/** The first layers of a ResNet, which differ between large and small images. */
import type { ApplyOptions } from '@simclr/core'
import { maxPool, type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import { CompositeModule } from './composite-module.ts'
import { ConvNorm } from './conv-norm.ts'
import type { LayerContext } from './layer.ts'

/**
 * `imagenet`: 7×7 convolution with stride 2, then 3×3 max pool with stride 2 and TensorFlow's SAME padding.
 * `cifar`: 3×3 convolution with stride 1 and no pool (paper B.9).
 */
export type StemType = 'imagenet' | 'cifar'

/** Convolution, batch normalisation, ReLU and, for `imagenet`, pool: `[n, h, w, 3]` to `[n, ·, ·, width]`. */
export class Stem extends CompositeModule<Tensor4D, Tensor4D> {
  protected readonly children: readonly [ConvNorm]
  private readonly type: StemType

  constructor({ type, width }: { type: StemType; width: number }, context: LayerContext) {
    super()
    const shape = type === 'imagenet' ? { size: 7, stride: 2 } : { size: 3, stride: 1 }
    const names = { name: 'stem', index: 1 }
    this.children = [new ConvNorm({ ...names, inputWidth: 3, outputWidth: width, ...shape }, context)]
    this.type = type
  }

  override apply(x: Tensor4D, { training }: ApplyOptions): Tensor4D {
    return tidy(() => {
      const hidden = this.children[0].apply(x, { training, relu: true })
      return this.type === 'imagenet' ? maxPool(hidden, 3, 2, 'same') : hidden
    })
  }
}
