import {
  type FunctionDefinition,
  f32x4,
  i8x16,
  i16x8,
  i32,
  increment,
  type Local,
  repeat,
} from '@simclr/core/simd'

/**
 * Numbers in [0, 1] to bytes, sixteen a step: rounded, halves to even, and clipped.
 *
 * Parameters: number of steps; addresses of the input and the output. Writes whole steps.
 */
export const toBytes: FunctionDefinition = {
  parameters: 3,
  body: (parameters) => {
    const [steps, input, output] = parameters as [Local, Local, Local]
    const rounded = (offset: number) =>
      f32x4.truncate(f32x4.nearest(f32x4.multiply(f32x4.load(input.get, offset), f32x4.constant(255))))
    const [low, high] = [i16x8.narrow(rounded(0), rounded(16)), i16x8.narrow(rounded(32), rounded(48))]
    return [
      repeat(steps, [
        i8x16.store(output.get, i8x16.narrow(low, high)),
        increment(input, i32.constant(64)),
        increment(output, i32.constant(16)),
      ]),
    ]
  },
}
