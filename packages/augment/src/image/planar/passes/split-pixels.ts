import { type Code, f32x4, type Local } from '@simclr/core/simd'

/** The red, green and blue of four pixels, each in a vector that begins with its three channels. */
export function splitPixels(
  pixels: readonly Local[],
  vector: () => Local,
): { before: Code[]; channels: Code[] } {
  const [first, second, third, fourth] = pixels.map(({ get }) => get) as [Code, Code, Code, Code]
  const [left, right] = [vector(), vector()]
  const { shuffle } = f32x4
  return {
    before: [left.set(shuffle(first, second, [0, 4, 1, 5])), right.set(shuffle(third, fourth, [0, 4, 1, 5]))],
    channels: [
      shuffle(left.get, right.get, [0, 1, 4, 5]),
      shuffle(left.get, right.get, [2, 3, 6, 7]),
      shuffle(shuffle(first, second, [2, 6, 2, 6]), shuffle(third, fourth, [2, 6, 2, 6]), [0, 1, 4, 5]),
    ],
  }
}
