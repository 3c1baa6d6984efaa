import { type FunctionDefinition, f32x4, i32, increment, type Local, repeat } from '@simclr/core/simd'

/**
 * Planes to interleaved RGB float32, four pixels a step.
 *
 * Parameters: number of steps; addresses of red, green and blue; address of the output. Writes whole steps.
 */
export const interleave: FunctionDefinition = {
  parameters: 5,
  body: (parameters, local) => {
    const [steps, red, green, blue, output] = parameters as [Local, Local, Local, Local, Local]
    const vector = () => local('v128')
    const [r, g, b, left, right] = [vector(), vector(), vector(), vector(), vector()]
    const { shuffle } = f32x4
    const middle = shuffle(left.get, b.get, [3, 5, 3, 5])
    return [
      repeat(steps, [
        r.set(f32x4.load(red.get)),
        g.set(f32x4.load(green.get)),
        b.set(f32x4.load(blue.get)),
        left.set(shuffle(r.get, g.get, [0, 4, 1, 5])),
        right.set(shuffle(r.get, g.get, [2, 6, 3, 7])),
        f32x4.store(output.get, shuffle(left.get, b.get, [0, 1, 4, 2])),
        f32x4.store(output.get, shuffle(middle, right.get, [0, 1, 4, 5]), 16),
        f32x4.store(output.get, shuffle(right.get, b.get, [6, 2, 3, 7]), 32),
        ...[red, green, blue].map((plane) => increment(plane, i32.constant(16))),
        increment(output, i32.constant(48)),
      ]),
    ]
  },
}
