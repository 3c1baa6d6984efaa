import {
  type Code,
  type FunctionDefinition,
  f32x4,
  f64,
  f64x2,
  i32,
  increment,
  type Local,
  repeat,
} from '@simclr/core/simd'
import { clipLanes } from './clip-lanes.ts'

/**
 * Scales the distance of the numbers of a plane from their mean: x = clip(x · factor + mean · (1 - factor)). The mean
 * is summed in float64.
 *
 * Parameters: the plane's address, the end of its pixels, the number of steps of sixteen that reach the end, `factor`,
 * and what the sum is multiplied by, (1 - factor) / pixels. Clears the room after the end.
 */
export const contrast: FunctionDefinition = {
  parameters: ['i32', 'i32', 'i32', 'f32', 'f64'],
  body: (parameters, local) => {
    const [plane, end, steps, factor, share] = parameters as [Local, Local, Local, Local, Local]
    const vector = () => local('v128')
    const [total, factors, addends, sum] = [vector(), vector(), vector(), vector()]
    const [address, count] = [local('i32'), local('i32')]
    const offsets = [0, 16, 32, 48]
    const [first, second, third, fourth] = offsets.map((offset) => f32x4.load(address.get, offset)) as [
      Code,
      Code,
      Code,
      Code,
    ]
    const lanes = f64x2.add(f64x2.promoteLow(sum.get), f64x2.promoteHigh(sum.get))
    const addend = f64.multiply(f64.add(f64x2.extract(total.get, 0), f64x2.extract(total.get, 1)), share.get)
    return [
      ...offsets.map((offset) => f32x4.store(end.get, f32x4.zero, offset)),
      address.set(plane.get),
      count.set(steps.get),
      total.set(f64x2.zero),
      repeat(count, [
        sum.set(f32x4.add(f32x4.add(first, second), f32x4.add(third, fourth))),
        total.set(f64x2.add(total.get, lanes)),
        increment(address, i32.constant(64)),
      ]),
      factors.set(f32x4.splat(factor.get)),
      addends.set(f32x4.splat(f64.demote(addend))),
      repeat(steps, [
        ...offsets.map((offset) => {
          const scaled = f32x4.multiply(f32x4.load(plane.get, offset), factors.get)
          return f32x4.store(plane.get, clipLanes(f32x4.add(scaled, addends.get)), offset)
        }),
        increment(plane, i32.constant(64)),
      ]),
    ]
  },
}
