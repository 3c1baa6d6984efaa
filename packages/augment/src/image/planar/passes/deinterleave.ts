import {
  type Code,
  type FunctionDefinition,
  f32x4,
  i8x16,
  i32,
  increment,
  type Local,
  repeat,
} from '@simclr/core/simd'
import { splitPixels } from './split-pixels.ts'

/** RGB float32 to planes, see {@link deinterleave}. */
export const deinterleaveFloats: FunctionDefinition = deinterleave(4 * 12, (input, vector) => {
  const pixels = Array.from({ length: 4 }, vector)
  const { before, channels } = splitPixels(pixels, vector)
  return {
    before: [...pixels.map((pixel, i) => pixel.set(f32x4.load(input.get, 12 * i))), ...before],
    channels,
  }
})

/** RGB or RGBA bytes to planes of numbers in [0, 1], see {@link deinterleave}. */
export function deinterleaveBytes(channels: 3 | 4): FunctionDefinition {
  return deinterleave(4 * channels, (input, vector) => {
    const bytes = vector()
    const channel = (index: number): Code => {
      const zero = 16
      const places = [0, 1, 2, 3].flatMap((pixel) => [channels * pixel + index, zero, zero, zero])
      const wide = i8x16.shuffle(bytes.get, f32x4.zero, places)
      return f32x4.multiply(f32x4.convert(wide), f32x4.constant(1 / 255))
    }
    return { before: [bytes.set(i8x16.load(input.get))], channels: [0, 1, 2].map(channel) }
  })
}

/**
 * Interleaved pixels to planes, four pixels a step.
 *
 * Parameters: number of steps; address of the input; addresses of red, green and blue. Writes whole steps.
 */
function deinterleave(
  bytes: number,
  read: (input: Local, vector: () => Local) => { before: readonly Code[]; channels: readonly Code[] },
): FunctionDefinition {
  return {
    parameters: 5,
    body: (parameters, local) => {
      const [steps, input] = parameters as [Local, Local]
      const planes = parameters.slice(2)
      const { before, channels } = read(input, () => local('v128'))
      return [
        repeat(steps, [
          ...before,
          ...planes.map((plane, i) => f32x4.store(plane.get, channels[i]!)),
          increment(input, i32.constant(bytes)),
          ...planes.map((plane) => increment(plane, i32.constant(16))),
        ]),
      ]
    },
  }
}
