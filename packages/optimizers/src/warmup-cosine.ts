/** Linear warm-up, then cosine decay to 0 (SimCLR section 2.1; the official `WarmUpAndCosineDecay`). */
import { checkInteger, checkRange } from '@simclr/core'

export interface WarmupCosineOptions {
  /** The rate at the end of the warm-up. */
  readonly peak: number
  /** Updates of the warm-up; 0 for none. */
  readonly warmupSteps: number
  /** Updates in all; the rate is 0 from there on. */
  readonly totalSteps: number
}

/**
 * @returns The learning rate as a function of the number of updates already made; the first update of a warm-up
 * therefore has rate 0, as in the official code.
 * @throws SimclrError if peak is negative, or unless 0 ≤ warmupSteps < totalSteps.
 * @example
 * const schedule = warmupCosine({ peak: 4.8, warmupSteps: 122, totalSteps: 1221 })
 * schedule(61) // 2.4
 */
export function warmupCosine({
  peak,
  warmupSteps,
  totalSteps,
}: WarmupCosineOptions): (step: number) => number {
  checkRange('warmupCosine: peak', peak, 0, Number.MAX_VALUE)
  checkInteger('warmupCosine: warmupSteps', warmupSteps, 0)
  checkInteger('warmupCosine: totalSteps', totalSteps, warmupSteps + 1, 'Train longer or warm up for less.')
  return (step) => {
    if (step < warmupSteps) return (peak * step) / warmupSteps
    const progress = Math.min((step - warmupSteps) / (totalSteps - warmupSteps), 1)
    return peak * 0.5 * (1 + Math.cos(Math.PI * progress))
  }
}
