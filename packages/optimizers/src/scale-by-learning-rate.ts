/** The learning rate: a number, or a schedule over the updates. */
import { multiplyEach } from '@simclr/core'
import { checkedSchedule } from './checked-schedule.ts'
import type { GradientTransform } from './gradient-transform.ts'

/** A constant, or a function of the number of updates already made. */
export type LearningRate = number | ((step: number) => number)

/**
 * g ← learningRate·g.
 *
 * @throws SimclrError if a rate is negative or not finite: at once for a constant, when its step comes for a schedule.
 */
export function scaleByLearningRate(learningRate: LearningRate): GradientTransform {
  const rateAt = checkedSchedule(learningRate)
  return {
    slots: [],
    apply: (gradients, { step }) => multiplyEach(gradients, rateAt(step)),
  }
}
