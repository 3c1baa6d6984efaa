/** The projection head g of the paper (section 2.1, figure 8; official model.py: ProjectionHead). */
import {
  type ApplyOptions,
  type Communicator,
  checkInteger,
  checkRange,
  checkShape,
  type Module,
  RandomKey,
  SimclrError,
  singleProcess,
} from '@simclr/core'
import { clone, type Tensor2D, tidy } from '@tensorflow/tfjs-core'
import { BatchNorm } from './batch-norm.ts'
import { CompositeModule } from './composite-module.ts'
import type { LayerContext } from './layer.ts'
import { Linear } from './linear.ts'

/** `mlp`: nonlinear, the paper's choice. `linear`: one layer. `none`: the features themselves. */
export type ProjectionHeadType = 'mlp' | 'linear' | 'none'

export interface ProjectionHeadOptions {
  /** Width of the features, e.g. `encoder.featureWidth`. */
  readonly inputWidth: number
  /** Default `mlp`. */
  readonly type?: ProjectionHeadType
  /** Dense layers of an `mlp`: 2 in the paper (the default here), 3 by default in the official code (SimCLRv2). */
  readonly layers?: number
  /** Width behind each layer but the last; default inputWidth, as in the paper. */
  readonly hiddenWidth?: number
  /** Width of the embeddings; default 128 (figure 8 varies it from 32 to 2048). `none` keeps inputWidth. */
  readonly outputWidth?: number
  /** Whether the last normalisation adds an offset, as lightly's does; default false. */
  readonly lastOffset?: boolean
  /** Default 0. */
  readonly seed?: number
  /** The processes over which batch statistics are taken; default this one alone. */
  readonly communicator?: Communicator
}

export interface ProjectionHeadApplyOptions extends ApplyOptions {
  /** Apply only the first so many layers, as `MlpHead` does for fine-tuning; default all. */
  readonly layers?: number
}

/**
 * Maps features to the embeddings that the contrastive loss compares. Each layer is dense without bias, then batch
 * normalisation; all but the last keep the width and end with a ReLU, the last has no offset and no ReLU. Heads of other
 * libraries may differ in `hiddenWidth` and `lastOffset`.
 *
 * @example
 * const head = new ProjectionHead({ inputWidth: 512, layers: 2, outputWidth: 128 })
 * const hidden = head.apply(features, { training: true }) // [2N, 512] → [2N, 128]
 */
export class ProjectionHead extends CompositeModule<Tensor2D, Tensor2D> {
  /** Length of an embedding. */
  readonly outputWidth: number
  /** Its layers in order; none for type `none`. */
  readonly children: readonly Module<Tensor2D, Tensor2D>[]
  /** Width of the features. */
  readonly inputWidth: number
  /** Width of the features, then behind each layer. */
  readonly widths: readonly number[]

  /** @throws SimclrError for an unknown type, or a width or number of layers below 1. */
  constructor(options: ProjectionHeadOptions) {
    super()
    const { inputWidth, type = 'mlp', layers = 2, outputWidth = 128, seed = 0 } = options
    const { communicator = singleProcess, hiddenWidth = inputWidth, lastOffset = false } = options
    checkInteger('ProjectionHead: inputWidth', inputWidth, 1)
    checkInteger('ProjectionHead: hiddenWidth', hiddenWidth, 1)
    checkInteger('ProjectionHead: outputWidth', outputWidth, 1)
    checkInteger('ProjectionHead: layers', layers, 1, "Use type: 'none' for no layer.")
    const count = layerCount(type, layers)
    const context: LayerContext = { key: RandomKey.fromSeed(seed), frozen: false, communicator }

    const behind = Array.from({ length: count }, (_, i) => (i === count - 1 ? outputWidth : hiddenWidth))
    this.widths = [inputWidth, ...behind]
    this.children = behind.map((width, i) => {
      const last = i === count - 1
      const sizes = { inputWidth: this.widths[i]!, outputWidth: width }
      return new ProjectionLayer(
        { name: `layer${i}`, ...sizes, relu: !last, offset: !last || lastOffset },
        context,
      )
    })
    this.inputWidth = inputWidth
    this.outputWidth = this.widths[count]!
  }

  /**
   * @param x Features `[n, inputWidth]`, float32.
   * @returns `[n, outputWidth]`, not normalised to unit length; the caller disposes it.
   * @throws SimclrError if x has another width, or there are fewer layers than `options.layers`.
   */
  override apply(x: Tensor2D, options: ProjectionHeadApplyOptions): Tensor2D {
    const { layers = this.children.length, ...forLayers } = options
    checkShape('ProjectionHead: features', x.shape, [-1, this.inputWidth])
    checkRange('ProjectionHead: layers', layers, 0, this.children.length)
    return tidy(() =>
      this.children.slice(0, layers).reduce((hidden, layer) => layer.apply(hidden, forLayers), clone(x)),
    )
  }
}

interface ProjectionLayerOptions {
  readonly name: string
  readonly inputWidth: number
  readonly outputWidth: number
  readonly relu: boolean
  readonly offset: boolean
}

class ProjectionLayer extends CompositeModule<Tensor2D, Tensor2D> {
  protected readonly children: readonly [Linear, BatchNorm]
  private readonly relu: boolean

  constructor(
    { name, inputWidth, outputWidth, relu, offset }: ProjectionLayerOptions,
    context: LayerContext,
  ) {
    super()
    this.relu = relu
    this.children = [
      new Linear({ name: `${name}.dense`, inputWidth, outputWidth, bias: false }, context),
      new BatchNorm({ ...context, name: `${name}.bn`, width: outputWidth, offset }),
    ]
  }

  override apply(x: Tensor2D, options: ApplyOptions): Tensor2D {
    const [dense, norm] = this.children
    return tidy(() => norm.apply(dense.apply(x), { ...options, relu: this.relu }))
  }
}

function layerCount(type: ProjectionHeadType, layers: number): number {
  if (type === 'mlp') return layers
  if (type === 'linear') return 1
  if (type === 'none') return 0
  throw new SimclrError({
    parameter: 'ProjectionHead: type',
    expected: "'mlp', 'linear' or 'none'",
    received: `"${String(type)}"`,
  })
}
