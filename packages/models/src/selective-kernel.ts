/** Selective kernels (Li et al. 2019) in the form of SimCLRv2 (official resnet.py: SK_Conv2D). */
import type { ApplyOptions } from '@simclr/core'
import { add, mean, mul, sigmoid, split, sub, type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import { BatchNorm } from './batch-norm.ts'
import { CompositeModule } from './composite-module.ts'
import { Conv2d } from './conv2d.ts'
import type { LayerContext } from './layer.ts'

export interface SelectiveKernelOptions {
  /** The layers are `${name}.conv`, `.bn`, `.reduce`, `.bn_reduce` and `.expand`. */
  readonly name: string
  readonly inputWidth: number
  /** Width of each of the two streams and of the output. */
  readonly width: number
  readonly stride: number
  /** Width of the layer between the streams' means and their weights, as a share of `width`; at least 32. */
  readonly ratio: number
}

/**
 * Two streams of a 3×3 convolution, batch normalisation and ReLU, added with weights that a small network draws from
 * their spatial means: `[n, h, w, inputWidth]` to `[n, ceil(h / stride), ceil(w / stride), width]`.
 */
export class SelectiveKernel extends CompositeModule<Tensor4D, Tensor4D> {
  protected readonly children: readonly [Conv2d, BatchNorm, Conv2d, BatchNorm, Conv2d]

  constructor(options: SelectiveKernelOptions, context: LayerContext) {
    super()
    const { name, inputWidth, width, stride, ratio } = options
    const middle = Math.max(Math.floor(width * ratio), 32)
    const pointwise = { size: 1, stride: 1 }
    this.children = [
      new Conv2d({ name: `${name}.conv`, inputWidth, outputWidth: 2 * width, size: 3, stride }, context),
      new BatchNorm({ ...context, name: `${name}.bn`, width: 2 * width }),
      new Conv2d({ name: `${name}.reduce`, inputWidth: width, outputWidth: middle, ...pointwise }, context),
      new BatchNorm({ ...context, name: `${name}.bn_reduce`, width: middle }),
      new Conv2d(
        { name: `${name}.expand`, inputWidth: middle, outputWidth: 2 * width, ...pointwise },
        context,
      ),
    ]
  }

  override apply(x: Tensor4D, options: ApplyOptions): Tensor4D {
    const [conv, norm, reduce, normReduce, expand] = this.children
    return tidy(() => {
      const streams = norm.apply(conv.apply(x), { ...options, relu: true })
      const [first, second] = split(streams, 2, 3) as [Tensor4D, Tensor4D]
      const summary = mean<Tensor4D>(add(first, second), [1, 2], true)
      const hidden = normReduce.apply(reduce.apply(summary), { ...options, relu: true })
      const [firstLogit, secondLogit] = split(expand.apply(hidden), 2, 3) as [Tensor4D, Tensor4D]
      // The softmax over two streams.
      const weight = sigmoid(sub(firstLogit, secondLogit))
      return add(second, mul(weight, sub(first, second)))
    })
  }
}
