import { type FunctionDefinition, f32x4, i32, increment, type Local, repeat } from '@simclr/core/simd'
import { clipLanes } from './clip-lanes.ts'

/** x = clip(x · factor + addend). Parameters: address, number of vectors, factor, addend. */
export const scaleAndShift: FunctionDefinition = {
  parameters: ['i32', 'i32', 'f32', 'f32'],
  body: (parameters, local) => {
    const [address, vectors, factor, addend] = parameters as [Local, Local, Local, Local]
    const [factors, addends] = [local('v128'), local('v128')]
    const scaled = f32x4.multiply(f32x4.load(address.get), factors.get)
    return [
      factors.set(f32x4.splat(factor.get)),
      addends.set(f32x4.splat(addend.get)),
      repeat(vectors, [
        f32x4.store(address.get, clipLanes(f32x4.add(scaled, addends.get))),
        increment(address, i32.constant(16)),
      ]),
    ]
  },
}
