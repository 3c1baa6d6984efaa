/**
 * The byte at `factor` of the way from one to another, beyond 1 past it: as Pillow's Image.blend. The arithmetic is that
 * of 32-bit floats, because the cut to a whole number would show any other rounding.
 */
export function blendBytes(from: number, to: number, factor: number): number {
  const blended = Math.fround(from + Math.fround(Math.fround(factor) * (to - from)))
  return Math.trunc(Math.min(Math.max(blended, 0), 255))
}
