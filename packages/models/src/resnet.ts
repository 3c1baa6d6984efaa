/** The encoder f of the paper: ResNet (He et al. 2016) as the official tf2/resnet.py builds it. */
import {
  type ApplyOptions,
  type Communicator,
  checkPositive,
  checkShape,
  type Module,
  RandomKey,
  SimclrError,
  singleProcess,
} from '@simclr/core'
import { mean, type Tensor2D, type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import { CompositeModule } from './composite-module.ts'
import type { LayerContext } from './layer.ts'
import { resNetVariants } from './resnet-variants.ts'
import { Stem, type StemType } from './stem.ts'

export interface ResNetOptions {
  /** 18, 34, 50, 101, 152 or 200. */
  readonly depth: number
  /** Multiplies the width of every layer; the first is round(64 · width). Fractions make small networks. Default 1. */
  readonly width?: number
  /** First layers: `imagenet` halves the image twice, `cifar` keeps its size. Default `imagenet`. */
  readonly stem?: StemType
  /** Equal seeds give equal weights; each kernel draws independently of all others. Default 0. */
  readonly seed?: number
  /** For evaluation only: nothing is trainable, and moving statistics are used and kept even in training. Default false. */
  readonly frozen?: boolean
  /** The processes over which batch statistics are taken; default this one alone. */
  readonly communicator?: Communicator
}

/**
 * Maps images to features. Convolutions are drawn from a truncated normal of variance 1 / fan-in, scales start at
 * 1, the last one of each residual block at 0.
 *
 * @example
 * const encoder = new ResNet({ depth: 18, stem: 'cifar', width: 0.25 })
 * const features = encoder.apply(images, { training: false }) // [n, 32, 32, 3] → [n, 128]
 */
export class ResNet extends CompositeModule<Tensor4D, Tensor2D> {
  /** Length of a feature vector: 8 · round(64 · width), four times that from depth 50 on. */
  readonly featureWidth: number
  protected readonly children: readonly Module<Tensor4D, Tensor4D>[]

  /** @throws SimclrError for an unknown depth or stem, or a width that leaves no channel. */
  constructor(options: ResNetOptions) {
    super()
    const { depth, width = 1, stem = 'imagenet', seed = 0, frozen = false } = options
    const { communicator = singleProcess } = options
    const { block: Block, blocks } = variantOf(depth)
    checkStem(stem)
    checkPositive('ResNet: width', width)
    const context: LayerContext = { key: RandomKey.fromSeed(seed), frozen, communicator }

    const baseWidth = Math.max(1, Math.round(64 * width))
    const layers: Module<Tensor4D, Tensor4D>[] = [new Stem({ type: stem, width: baseWidth }, context)]
    let inputWidth = baseWidth
    blocks.forEach((count, group) => {
      const groupWidth = baseWidth * 2 ** group
      for (let i = 0; i < count; i++) {
        const first = i === 0
        const stride = first && group > 0 ? 2 : 1
        const name = `group${group + 1}.block${i}`
        layers.push(new Block({ name, inputWidth, width: groupWidth, stride, projection: first }, context))
        inputWidth = groupWidth * Block.expansion
      }
    })
    this.children = layers
    this.featureWidth = inputWidth
  }

  /**
   * @param x Images `[n, h, w, 3]`, float32 in [0, 1], any height and width.
   * @returns Features `[n, featureWidth]`: the last block's output, averaged over space. The caller disposes it.
   * @throws SimclrError if x is not shaped like RGB images.
   */
  override apply(x: Tensor4D, options: ApplyOptions): Tensor2D {
    checkShape('ResNet: images', x.shape, [-1, -1, -1, 3], 'Pass a batch of RGB images, channels last.')
    return tidy(() => {
      const hidden = this.children.reduce((input, layer) => layer.apply(input, options), x)
      return mean<Tensor2D>(hidden, [1, 2])
    })
  }
}

function variantOf(depth: number) {
  const variant = resNetVariants.get(depth)
  if (variant !== undefined) return variant
  throw new SimclrError({
    parameter: 'ResNet: depth',
    expected: `one of ${[...resNetVariants.keys()].join(', ')}`,
    received: String(depth),
  })
}

function checkStem(stem: string): void {
  if (stem === 'imagenet' || stem === 'cifar') return
  throw new SimclrError({
    parameter: 'ResNet: stem',
    expected: "'imagenet' or 'cifar'",
    received: `"${stem}"`,
    remedy: "Use 'cifar' for images of up to about 64 pixels.",
  })
}
