/**
 * How far a turned hue lies from red, green and blue, whose own hues are 0, 2 and -2 sixths of a turn.
 *
 * @param turn In full turns; any number.
 * @returns 6·turn - θ_k in [-3, 3) for the channels k.
 */
export function hueOffsets(turn: number): [number, number, number] {
  const wrap = (sixths: number) => sixths - 6 * Math.floor((sixths + 3) / 6)
  return [wrap(6 * turn), wrap(6 * turn - 2), wrap(6 * turn - 4)]
}
