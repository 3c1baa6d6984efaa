/** How fast moving statistics move while a network is fine-tuned (SimCLR appendix B.8). */
import { checkInteger } from '@simclr/core'

/**
 * max(1 − 10/s, 0.9): from 100 steps per epoch on, moving statistics are an average over a tenth of an epoch.
 *
 * @param stepsPerEpoch s, at least 1.
 * @returns The share of the old moving statistics that a step keeps, 0.9..1.
 * @throws SimclrError if there is no step.
 */
export function batchNormMomentum(stepsPerEpoch: number): number {
  checkInteger('batchNormMomentum: stepsPerEpoch', stepsPerEpoch, 1)
  return Math.max(1 - 10 / stepsPerEpoch, 0.9)
}
