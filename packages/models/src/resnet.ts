/** The encoder f of the paper: ResNet (He et al. 2016) as the official tf2/resnet.py builds it. */
import {
  type ApplyOptions,
  type Communicator,
  checkShape,
  type Module,
  RandomKey,
  singleProcess,
} from '@simclr/core'
import { mean, type Tensor2D, type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import { CompositeModule } from './composite-module.ts'
import { GradientCheckpointing } from './gradient-checkpointing.ts'
import type { LayerContext } from './layer.ts'
import type { ResidualBlock } from './residual-block.ts'
import {
  type ResNetArchitecture,
  type ResNetArchitectureOptions,
  resolveArchitecture,
} from './resnet-architecture.ts'
import { resNetVariants } from './resnet-variants.ts'
import { Sequential } from './sequential.ts'
import { Stem } from './stem.ts'

export interface ResNetOptions extends ResNetArchitectureOptions {
  /** Equal seeds give equal weights; each kernel draws independently of all others. Default 0. */
  readonly seed?: number
  /** Whether kernels are drawn; false leaves them at zero, where their values are set afterwards. Default true. */
  readonly initialize?: boolean
  /** For evaluation only: nothing is trainable, and moving statistics are used and kept even in training. Default false. */
  readonly frozen?: boolean
  /**
   * Whether each residual block keeps only its input for the backward pass and computes its inside again then: a
   * fraction of the memory for about a third more time. Default false.
   */
  readonly gradientCheckpointing?: boolean
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
  /** What was built, defaults filled in. */
  readonly options: ResNetArchitecture
  /** The stem and the four groups. */
  private readonly body: Sequential

  /** @throws SimclrError for an architecture that does not exist. */
  constructor(options: ResNetOptions) {
    super()
    this.options = resolveArchitecture(options)
    const { seed = 0, initialize = true, frozen = false, communicator = singleProcess } = options
    const context: LayerContext = { key: RandomKey.fromSeed(seed), initialize, frozen, communicator }
    const wrap = (block: ResidualBlock) =>
      options.gradientCheckpointing ? new GradientCheckpointing(block) : block

    const { depth, stem, style, selectiveKernelRatio } = this.options
    const { block: Block, blocks } = resNetVariants.get(depth)!
    const baseWidth = Math.max(1, Math.round(64 * this.options.width))
    const stemOptions = { type: stem, width: baseWidth, deep: selectiveKernelRatio > 0 } as const
    const poolPadding = style === 'torchvision' ? 'symmetric' : 'same'
    let inputWidth = baseWidth
    const groups = blocks.map((count, group) => {
      const width = baseWidth * 2 ** group
      const outputWidth = width * Block.expansion
      const layers = Array.from({ length: count }, (_, i) => {
        const name = `group${group + 1}.block${i}`
        const stride = i === 0 && group > 0 ? 2 : 1
        const changesShape = stride > 1 || inputWidth !== outputWidth
        const projection = style === 'torchvision' ? changesShape : i === 0
        const block = new Block(
          { name, inputWidth, width, stride, projection, selectiveKernelRatio },
          context,
        )
        inputWidth = outputWidth
        return wrap(block)
      })
      return new Sequential(layers)
    })
    this.body = new Sequential([new Stem({ ...stemOptions, poolPadding }, context), ...groups])
    this.featureWidth = inputWidth
  }

  protected get children(): readonly Module[] {
    return [this.body]
  }

  /**
   * @param x Images `[n, h, w, 3]`, float32 in [0, 1], any height and width.
   * @returns Features `[n, featureWidth]`: the last block's output, averaged over space. The caller disposes it.
   * @throws SimclrError if x is not shaped like RGB images.
   */
  override apply(x: Tensor4D, options: ApplyOptions): Tensor2D {
    checkImages(x)
    return tidy(() => mean<Tensor2D>(this.body.apply(x, options), [1, 2]))
  }

  /**
   * The outputs of the stem and of each of the four groups: features at every stage, of falling resolution.
   *
   * @param x Images `[n, h, w, 3]`, as for `apply`.
   * @returns Five tensors `[n, ·, ·, ·]`; the mean of the last over space is what `apply` returns. The caller disposes
   *   them.
   * @throws SimclrError if x is not shaped like RGB images.
   */
  stages(x: Tensor4D, options: ApplyOptions): Tensor4D[] {
    checkImages(x)
    const outputs: Tensor4D[] = []
    return tidy(() => {
      for (const stage of this.body.children) outputs.push(stage.apply(outputs.at(-1) ?? x, options))
      return outputs
    })
  }
}

function checkImages(x: Tensor4D): void {
  checkShape('ResNet: images', x.shape, [-1, -1, -1, 3], 'Pass a batch of RGB images, channels last.')
}
