/** Linear warm-up, then linear decay. */
import { checkInteger, checkRange } from '@simclr/core'

export interface WarmupLinearOptions {
  /** The rate at the end of the warm-up. */
  readonly peak: number
  /** Updates of the warm-up. Default 0. */
  readonly warmupSteps?: number
  /** Updates in all; the rate is `final` from there on. */
  readonly totalSteps: number
  /** The rate at the end. Default 0. */
  readonly final?: number
}

/**
 * @returns The learning rate as a function of the number of updates already made.
 * @throws SimclrError if a rate is negative, or unless 0 ≤ warmupSteps < totalSteps.
 * @example
 * const schedule = warmupLinear({ peak: 0.1, totalSteps: 1000 })
 * schedule(250) // 0.075
 */
export function warmupLinear({
  peak,
  warmupSteps = 0,
  totalSteps,
  final = 0,
}: WarmupLinearOptions): (step: number) => number {
  checkRange('warmupLinear: peak', peak, 0, Number.MAX_VALUE)
  checkRange('warmupLinear: final', final, 0, Number.MAX_VALUE)
  checkInteger('warmupLinear: warmupSteps', warmupSteps, 0)
  checkInteger('warmupLinear: totalSteps', totalSteps, warmupSteps + 1, 'Train longer or warm up for less.')
  return (step) => {
    if (step < warmupSteps) return (peak * step) / warmupSteps
    const progress = Math.min((step - warmupSteps) / (totalSteps - warmupSteps), 1)
    return peak + (final - peak) * progress
  }
}
