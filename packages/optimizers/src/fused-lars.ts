/** The step of LARS with classic momentum as one call of the engine's kernel `LarsStep`, a tensor at a time in its caches. */
import type { Parameter } from '@simclr/core'
import { engine, getBackend, getKernel, type NamedTensorMap, type Tensor } from '@tensorflow/tfjs-core'
import { checkedSchedule } from './checked-schedule.ts'
import type { FusedUpdate } from './create-optimizer.ts'
import type { LearningRate } from './scale-by-learning-rate.ts'

export interface FusedLarsOptions {
  /** Which parameters are decayed and scaled by the trust ratio. */
  readonly adapted: (parameter: Parameter) => boolean
  readonly learningRate: LearningRate
  readonly momentum: number
  readonly weightDecay: number
  readonly trustCoefficient: number
}

/**
 * What the chain of `lars` does, without holding what passes between its transforms.
 *
 * The kernel takes parameters, gradients and velocities and returns parameters and velocities. It may reuse the memory
 * of those that nobody else holds.
 */
export function fusedLars({ adapted, learningRate, ...numbers }: FusedLarsOptions): FusedUpdate {
  const rateAt = checkedSchedule(learningRate)
  return (gradients, { parameters, step, slot }) => {
    if (parameters.length === 0 || getKernel('LarsStep', getBackend()) === undefined) return undefined
    const velocities = slot('momentum')
    const inputs = [...parameters.map(({ value }) => value), ...gradients, ...velocities]
    const attributes = { ...numbers, learningRate: rateAt(step), adapted: parameters.map(adapted) }
    const results = engine().runKernel<Tensor[]>(
      'LarsStep',
      inputs as unknown as NamedTensorMap,
      attributes as never,
    )
    velocities.forEach((velocity, index) => {
      velocity.assign(results[parameters.length + index]!)
    })
    return results.slice(0, parameters.length)
  }
}
