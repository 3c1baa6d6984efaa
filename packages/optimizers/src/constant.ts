/** A learning rate that stays, after an optional warm-up. */
import { checkInteger, checkRange } from '@simclr/core'

export interface ConstantOptions {
  /** The rate after the warm-up. */
  readonly peak: number
  /** Updates of a linear warm-up from 0. Default 0. */
  readonly warmupSteps?: number
}

/**
 * @returns The learning rate as a function of the number of updates already made.
 * @throws SimclrError if peak is negative or warmupSteps is no count.
 */
export function constant({ peak, warmupSteps = 0 }: ConstantOptions): (step: number) => number {
  checkRange('constant: peak', peak, 0, Number.MAX_VALUE)
  checkInteger('constant: warmupSteps', warmupSteps, 0)
  return (step) => (step < warmupSteps ? (peak * step) / warmupSteps : peak)
}
