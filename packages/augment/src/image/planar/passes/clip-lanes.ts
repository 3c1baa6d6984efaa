import { type Code, f32x4 } from '@simclr/core/simd'

/** Four numbers, clipped to [0, 1]; NaN stays. */
export function clipLanes(value: Code): Code {
  return f32x4.pseudoMinimum(f32x4.pseudoMaximum(value, f32x4.zero), f32x4.constant(1))
}
