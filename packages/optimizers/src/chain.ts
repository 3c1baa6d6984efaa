/** Gradient transforms one after the other. */
import { SimclrError } from '@simclr/core'
import type { GradientTransform } from './gradient-transform.ts'

/**
 * Feeds each transform's result to the next.
 *
 * @param transforms In the order in which they are applied.
 * @throws SimclrError if two transforms use the same slot name.
 */
export function chain(...transforms: readonly GradientTransform[]): GradientTransform {
  const slots = transforms.flatMap((transform) => transform.slots)
  const repeated = slots.find((name, index) => slots.indexOf(name) < index)
  if (repeated !== undefined) {
    throw new SimclrError({
      parameter: 'chain: slots',
      expected: 'distinct names over all transforms',
      received: `"${repeated}" twice`,
      remedy: 'Chain each stateful transform once.',
    })
  }
  return {
    slots,
    apply: (gradients, context) =>
      transforms.reduce((updates, transform) => transform.apply(updates, context), gradients),
  }
}
