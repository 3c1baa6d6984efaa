/** A learning rate that falls in steps. */
import { checkInteger, checkRange, SimclrError } from '@simclr/core'

export interface StepDecayOptions {
  /** The rate after the warm-up. */
  readonly peak: number
  /** Numbers of updates at which the rate falls, ascending. */
  readonly boundaries: readonly number[]
  /** What the rate is multiplied by at each boundary, 0..1. Default 0.1. */
  readonly factor?: number
  /** Updates of a linear warm-up from 0. Default 0. */
  readonly warmupSteps?: number
}

/**
 * peak·factorᵏ once k boundaries are reached: PyTorch's `MultiStepLR`, after an optional warm-up.
 *
 * @returns The learning rate as a function of the number of updates already made.
 * @throws SimclrError if peak is negative, factor is not in 0..1, or the boundaries do not ascend from warmupSteps.
 * @example
 * const schedule = stepDecay({ peak: 0.1, boundaries: [3000, 6000] })
 */
export function stepDecay({
  peak,
  boundaries,
  factor = 0.1,
  warmupSteps = 0,
}: StepDecayOptions): (step: number) => number {
  checkRange('stepDecay: peak', peak, 0, Number.MAX_VALUE)
  checkRange('stepDecay: factor', factor, 0, 1)
  checkInteger('stepDecay: warmupSteps', warmupSteps, 0)
  const ordered = boundaries.every(
    (boundary, index) =>
      Number.isInteger(boundary) && boundary >= warmupSteps && boundary > (boundaries[index - 1] ?? 0),
  )
  if (!ordered) {
    throw new SimclrError({
      parameter: 'stepDecay: boundaries',
      expected: `ascending whole numbers above 0, not before the end of the warm-up (${warmupSteps})`,
      received: `[${boundaries.join(', ')}]`,
      remedy: 'Give numbers of updates, not epochs.',
    })
  }
  return (step) => {
    if (step < warmupSteps) return (peak * step) / warmupSteps
    return peak * factor ** boundaries.filter((boundary) => step >= boundary).length
  }
}
