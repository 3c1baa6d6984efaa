import { type FunctionDefinition, f32x4, i32, increment, type Local, repeat } from '@simclr/core/simd'
import { splitPixels } from './split-pixels.ts'

/** Taps that are computed without a branch; maps are filled up with weights of 0. */
export const TAP_GROUP = 4

/**
 * Maps a row of interleaved float32 to a row of three planes: output pixel = sum over taps of weight · input pixel.
 *
 * Parameters: number of steps of four output pixels; address of the table, which has for each of those pixels the
 * offset in bytes of its first input pixel, an i32, and its weights, float32; number of groups of taps; address of the
 * input; addresses of the output's red, green and blue. Writes whole steps.
 *
 * @param channels 3 or 4 numbers a pixel of the input, of which the first three count.
 */
export function resampleRow(channels: 3 | 4): FunctionDefinition {
  return {
    parameters: 7,
    body: (parameters, local) => {
      const [steps, table, groups, input] = parameters as [Local, Local, Local, Local]
      const planes = parameters.slice(4)
      const vector = () => local('v128')
      const pixels = Array.from({ length: 4 }, vector)
      const [source, count] = [local('i32'), local('i32')]
      const taps = Array.from({ length: TAP_GROUP }, (_, tap) => tap)
      const split = splitPixels(pixels, vector)
      return [
        repeat(steps, [
          ...pixels.flatMap((sum) => [
            source.set(i32.add(input.get, i32.load(table.get))),
            increment(table, i32.constant(4)),
            count.set(groups.get),
            sum.set(f32x4.zero),
            repeat(count, [
              ...taps.map((tap) => {
                const pixel = f32x4.load(source.get, 4 * channels * tap)
                return sum.set(f32x4.add(sum.get, f32x4.multiply(pixel, f32x4.loadSplat(table.get, 4 * tap))))
              }),
              increment(source, i32.constant(4 * channels * TAP_GROUP)),
              increment(table, i32.constant(4 * TAP_GROUP)),
            ]),
          ]),
          ...split.before,
          ...planes.map((plane, i) => f32x4.store(plane.get, split.channels[i]!)),
          ...planes.map((plane) => increment(plane, i32.constant(16))),
        ]),
      ]
    },
  }
}
