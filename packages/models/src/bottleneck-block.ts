/** The residual block of ResNet-50 and deeper: 1×1, 3×3, 1×1 (official resnet.py: BottleneckBlock). */
import { ConvNorm } from './conv-norm.ts'
import type { LayerContext } from './layer.ts'
import { ResidualBlock, type ResidualBlockOptions } from './residual-block.ts'
import { SelectiveKernel } from './selective-kernel.ts'

/** The stride is in the 3×3; the output is four times as wide; the scale of the last normalisation starts at 0. */
export class BottleneckBlock extends ResidualBlock {
  /** Output width as a multiple of the block's width. */
  static readonly expansion: number = 4
  protected readonly branch: readonly (ConvNorm | SelectiveKernel)[]

  constructor(options: ResidualBlockOptions, context: LayerContext) {
    const { name, inputWidth, width, stride, selectiveKernelRatio: ratio } = options
    const outputWidth = width * BottleneckBlock.expansion
    super(options, outputWidth, context)
    this.branch = [
      new ConvNorm({ name, index: 1, inputWidth, outputWidth: width, size: 1, stride: 1 }, context),
      ratio > 0
        ? new SelectiveKernel({ name: `${name}.sk2`, inputWidth: width, width, stride, ratio }, context)
        : new ConvNorm({ name, index: 2, inputWidth: width, outputWidth: width, size: 3, stride }, context),
      new ConvNorm(
        { name, index: 3, inputWidth: width, outputWidth, size: 1, stride: 1, initialScale: 0 },
        context,
      ),
    ]
  }
}
