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
    apply: (gradient, context) =>
      includes(context.parameter) ? transform.apply(gradient, context) : gradient,
  }
}
