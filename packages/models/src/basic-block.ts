/** The residual block of ResNet-18 and 34: two 3×3 convolutions (official resnet.py: ResidualBlock). */
import { ConvNorm } from './conv-norm.ts'
import type { LayerContext } from './layer.ts'
import { ResidualBlock, type ResidualBlockOptions } from './residual-block.ts'

/** Its output is as wide as its convolutions; the scale of its last normalisation starts at 0. */
export class BasicBlock extends ResidualBlock {
  /** Output width as a multiple of the block's width. */
  static readonly expansion: number = 1
  protected readonly branch: readonly ConvNorm[]

  constructor(options: ResidualBlockOptions, context: LayerContext) {
    const { name, inputWidth, width, stride } = options
    super(options, width * BasicBlock.expansion, context)
    this.branch = [
      new ConvNorm({ name, index: 1, inputWidth, outputWidth: width, size: 3, stride }, context),
      new ConvNorm(
        { name, index: 2, inputWidth: width, outputWidth: width, size: 3, stride: 1, initialScale: 0 },
        context,
      ),
    ]
  }
}
