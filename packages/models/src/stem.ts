/** The first layers of a ResNet, which differ between large and small images. */
import type { ApplyOptions } from '@simclr/core'
import { maxPool, pad, type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import { CompositeModule } from './composite-module.ts'
import { ConvNorm } from './conv-norm.ts'
import type { LayerContext } from './layer.ts'

/**
 * `imagenet`: 7×7 convolution with stride 2, then 3×3 max pool with stride 2.
 * `cifar`: 3×3 convolution with stride 1 and no pool (paper B.9).
 */
export type StemType = 'imagenet' | 'cifar'

export interface StemOptions {
  readonly type: StemType
  readonly width: number
  /** Whether three 3×3 convolutions take the place of the 7×7 one, as in SimCLRv2. */
  readonly deep: boolean
  /** Of the max pool: TensorFlow's SAME, or one pixel on every side. */
  readonly poolPadding: 'same' | 'symmetric'
}

const ONE_PIXEL: [number, number][] = [
  [0, 0],
  [1, 1],
  [1, 1],
  [0, 0],
]

/** Convolution, batch normalisation, ReLU and, for `imagenet`, pool: `[n, h, w, 3]` to `[n, ·, ·, width]`. */
export class Stem extends CompositeModule<Tensor4D, Tensor4D> {
  protected readonly children: readonly ConvNorm[]
  private readonly poolPadding: StemOptions['poolPadding'] | undefined

  constructor({ type, width, deep, poolPadding }: StemOptions, context: LayerContext) {
    super()
    const half = Math.max(1, Math.floor(width / 2))
    const convolutions =
      type === 'cifar'
        ? [{ inputWidth: 3, outputWidth: width, size: 3, stride: 1 }]
        : deep
          ? [
              { inputWidth: 3, outputWidth: half, size: 3, stride: 2 },
              { inputWidth: half, outputWidth: half, size: 3, stride: 1 },
              { inputWidth: half, outputWidth: width, size: 3, stride: 1 },
            ]
          : [{ inputWidth: 3, outputWidth: width, size: 7, stride: 2 }]
    this.children = convolutions.map(
      (options, i) => new ConvNorm({ name: 'stem', index: i + 1, ...options }, context),
    )
    this.poolPadding = type === 'imagenet' ? poolPadding : undefined
  }

  override apply(x: Tensor4D, options: ApplyOptions): Tensor4D {
    return tidy(() => {
      const hidden = this.children.reduce((input, layer) => layer.apply(input, { ...options, relu: true }), x)
      if (this.poolPadding === undefined) return hidden
      if (this.poolPadding === 'same') return maxPool(hidden, 3, 2, 'same')
      // Zeros never win: the ReLU leaves nothing below them.
      return maxPool(pad(hidden, ONE_PIXEL), 3, 2, 'valid')
    })
  }
}
