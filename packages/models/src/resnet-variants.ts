/** The depths of ResNet that the paper and its code use (He et al. 2016, table 1; official resnet.py: resnet). */
import { BasicBlock } from './basic-block.ts'
import { BottleneckBlock } from './bottleneck-block.ts'

export interface ResNetVariant {
  readonly block: typeof BasicBlock | typeof BottleneckBlock
  /** Number of blocks in each of the four groups. */
  readonly blocks: readonly [number, number, number, number]
}

/** Depth, counted in convolutions and the classifier, to what it is made of. */
export const resNetVariants: ReadonlyMap<number, ResNetVariant> = new Map([
  [18, { block: BasicBlock, blocks: [2, 2, 2, 2] }],
  [34, { block: BasicBlock, blocks: [3, 4, 6, 3] }],
  [50, { block: BottleneckBlock, blocks: [3, 4, 6, 3] }],
  [101, { block: BottleneckBlock, blocks: [3, 4, 23, 3] }],
  [152, { block: BottleneckBlock, blocks: [3, 8, 36, 3] }],
  [200, { block: BottleneckBlock, blocks: [3, 24, 36, 3] }],
])
