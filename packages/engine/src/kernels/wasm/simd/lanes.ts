/** One way to write a loop for four elements at a time and for one. */
import { type Code, f32, f32x4, f64, f64x2, type Local, select, type ValueType } from '@simclr/core/simd'

/** Arithmetic on as many neighbouring float32 as there are lanes. */
export interface Lanes {
  readonly count: number
  readonly type: ValueType
  readonly zero: Code
  load(address: Code, offset?: number): Code
  store(address: Code, value: Code, offset?: number): Code
  /** One element from memory in every lane. */
  spread(address: Code, offset?: number): Code
  add(left: Code, right: Code): Code
  subtract(left: Code, right: Code): Code
  multiply(left: Code, right: Code): Code
  /** NaN where either is. */
  minimum(left: Code, right: Code): Code
  /** NaN where either is. */
  maximum(left: Code, right: Code): Code
  /** `value` where `condition` is not 0, else 0. */
  where(value: Code, condition: Code): Code
  /** Adds `value`, or the exact product with `factor`, to the float64 at `address`, one per lane. */
  accumulate(address: Code, value: Local, factor?: Local): Code
}

/** Four elements in a vector register. */
export const fourLanes: Lanes = {
  ...f32x4,
  count: 4,
  type: 'v128',
  spread: f32x4.loadSplat,
  where: (value, condition) => f32x4.and(value, f32x4.notEqual(condition, f32x4.zero)),
  accumulate: (address, value, factor) =>
    [f64x2.promoteLow, f64x2.promoteHigh].flatMap((promote, half) => {
      const term = factor ? f64x2.multiply(promote(value.get), promote(factor.get)) : promote(value.get)
      return f64x2.store(address, f64x2.add(f64x2.load(address, 16 * half), term), 16 * half)
    }),
}

/** One element, for what is left of an array. */
export const oneLane: Lanes = {
  ...f32,
  count: 1,
  type: 'f32',
  spread: f32.load,
  where: (value, condition) => select(value, f32.zero, f32.notEqual(condition, f32.zero)),
  accumulate: (address, value, factor) => {
    const term = factor
      ? f64.multiply(f64.promote(value.get), f64.promote(factor.get))
      : f64.promote(value.get)
    return f64.store(address, f64.add(f64.load(address), term))
  },
}
