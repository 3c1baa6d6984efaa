/** A gradient transform for some parameters only. */
import type { Parameter } from '@simclr/core'
import type { GradientTransform } from './gradient-transform.ts'

/**
 * Applies `transform` to the parameters that `includes` accepts; the gradients of the others pass unchanged.
 *
 * @example
 * masked(addDecayedWeights(1e-6), (parameter) => parameter.role === 'kernel')
 */
export function masked(
  transform: GradientTransform,
  includes: (parameter: Parameter) => boolean,
): GradientTransform {
  return {
    slots: transform.slots,
    apply(gradients, { parameters, step, slot }) {
      const isIncluded = parameters.map(includes)
      const included = <T>(list: readonly T[]): T[] => list.filter((_, index) => isIncluded[index])
      const changed = transform.apply(included(gradients), {
        parameters: included(parameters),
        step,
        slot: (name) => included(slot(name)),
      })
      let next = 0
      return gradients.map((gradient, index) => (isIncluded[index] ? changed[next++]! : gradient))
    },
  }
}
