/** The patterns of the synthetic images: positive where the first ink lies, negative where the second does. */

/** A value whose slope at its zeros is about 2π per period, for a point in periods. */
export type Texture = (x: number, y: number) => number

const TURN = 2 * Math.PI

/** Textures by adjective. */
export const textures: Readonly<Record<string, Texture>> = {
  striped: (x) => Math.sin(TURN * x),
  checked: (x, y) => 1.4 * Math.sin((TURN / 2) * x) * Math.sin((TURN / 2) * y),
  plain: () => 1,
}
