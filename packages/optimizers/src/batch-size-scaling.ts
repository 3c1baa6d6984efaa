/** The peak learning rate for a batch size (SimCLR section 2.2 and appendix B.1). */
import { checkInteger, checkPositive } from '@simclr/core'

export interface BatchSizeScalingOptions {
  /** Images per update, over all processes. */
  readonly batchSize: number
  /** `'linear'` (default): base·batchSize/256. `'sqrt'`: base·√batchSize, better for small batches. */
  readonly scaling?: 'linear' | 'sqrt'
  /** Default 0.3 for linear and 0.075 for sqrt: both give 4.8 at batch 4096. */
  readonly base?: number
}

/**
 * @throws SimclrError if batchSize or base is not positive.
 * @example
 * batchSizeScaling({ batchSize: 4096 }) // 4.8
 */
export function batchSizeScaling({
  batchSize,
  scaling = 'linear',
  base = scaling === 'linear' ? 0.3 : 0.075,
}: BatchSizeScalingOptions): number {
  checkInteger('batchSizeScaling: batchSize', batchSize, 1)
  checkPositive('batchSizeScaling: base', base)
  return scaling === 'linear' ? (base * batchSize) / 256 : base * Math.sqrt(batchSize)
}
