/** The rate of each update, checked before anything changes. */
import { checkRange } from '@simclr/core'
import type { LearningRate } from './scale-by-learning-rate.ts'

/**
 * The learning rate as a function of the number of updates already made.
 *
 * @throws SimclrError if a rate is negative or not finite: at once for the first, when its step comes for the others.
 */
export function checkedSchedule(learningRate: LearningRate): (step: number) => number {
  const schedule = typeof learningRate === 'number' ? () => learningRate : learningRate
  const rateAt = (step: number): number => {
    const rate = schedule(step)
    checkRange(`learningRate at step ${step}`, rate, 0, Number.MAX_VALUE)
    return rate
  }
  rateAt(0)
  return rateAt
}
