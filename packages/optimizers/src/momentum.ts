/** Momentum (Polyak 1964) and its look-ahead form (Nesterov 1983, as in Sutskever et al. 2013). */
import { addEach, checkRange } from '@simclr/core'
import type { GradientTransform } from './gradient-transform.ts'

export interface MomentumOptions {
  /** Share of the velocity that survives an update, 0..1. Default 0.9. */
  readonly decay?: number
  /** Look ahead: return g + decay·v instead of v. Default false. */
  readonly nesterov?: boolean
}

/**
 * v ← decay·v + g, returned as it is or, with `nesterov`, as decay·v + g. Remembers v as `momentum`.
 *
 * @throws SimclrError unless 0 ≤ decay ≤ 1.
 */
export function momentum({ decay = 0.9, nesterov = false }: MomentumOptions = {}): GradientTransform {
  checkRange('momentum: decay', decay, 0, 1)
  return {
    slots: ['momentum'],
    apply(gradients, { slot }) {
      const velocities = slot('momentum')
      const moved = addEach(gradients, velocities, decay)
      velocities.forEach((velocity, index) => {
        velocity.assign(moved[index]!)
      })
      return nesterov ? addEach(gradients, velocities, decay) : moved
    },
  }
}
