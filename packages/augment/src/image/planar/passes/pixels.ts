import {
  type Code,
  type FunctionDefinition,
  f32x4,
  i32,
  increment,
  type Local,
  repeat,
  type ValueType,
} from '@simclr/core/simd'

/** The channels of four pixels. */
export interface Channels {
  readonly red: Local
  readonly green: Local
  readonly blue: Local
}

/**
 * A pass that changes every pixel of an image by itself.
 *
 * Parameters: the addresses of red, green and blue; the number of vectors of a plane; as many float32 as `setting`.
 *
 * @param prepare Gets those float32 in vectors of four equal ones, and a way to declare more locals. Returns the new
 * channels, with the instructions that come before them in each step.
 */
export function pixels(
  settings: number,
  prepare: (
    channels: Channels,
    settings: readonly Local[],
    vector: () => Local,
  ) => { before: readonly Code[]; channels: readonly [Code, Code, Code] },
): FunctionDefinition {
  return {
    parameters: [...Array<'i32'>(4).fill('i32'), ...Array<'f32'>(settings).fill('f32')],
    body: (parameters, local: (type: ValueType) => Local) => {
      const addresses = parameters.slice(0, 3)
      const vectors = parameters[3]!
      const vector = () => local('v128')
      const [red, green, blue] = [vector(), vector(), vector()]
      const splats = parameters.slice(4).map((setting) => ({ setting, splat: vector() }))
      const { before, channels } = prepare(
        { red, green, blue },
        splats.map(({ splat }) => splat),
        vector,
      )
      return [
        ...splats.map(({ setting, splat }) => splat.set(f32x4.splat(setting.get))),
        repeat(vectors, [
          ...[red, green, blue].map((channel, i) => channel.set(f32x4.load(addresses[i]!.get))),
          ...before,
          ...channels.map((channel, i) => f32x4.store(addresses[i]!.get, channel)),
          ...addresses.map((address) => increment(address, i32.constant(16))),
        ]),
      ]
    },
  }
}

/** The largest and the smallest channel. */
export function extremes({ red, green, blue }: Channels): { largest: Code; smallest: Code } {
  const { pseudoMaximum: maximum, pseudoMinimum: minimum } = f32x4
  return {
    largest: maximum(maximum(red.get, green.get), blue.get),
    smallest: minimum(minimum(red.get, green.get), blue.get),
  }
}
