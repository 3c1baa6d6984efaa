/** How the input rows (or columns) of a strided convolution depend on its filter. */

/** The input positions `start, start + stride, …`, and the convolution of the output's gradient that gives theirs. */
export interface InputPhase {
  readonly start: number
  /** Number of positions. */
  readonly length: number
  /** The filter positions that meet them, ascending: every stride-th one. */
  readonly taps: readonly number[]
  /** Zeros before and after the gradient. */
  readonly padding: readonly [number, number]
  /** Results at the beginning that belong to no position, where the gradient would have to be cut off. */
  readonly surplus: number
  /** Whether the convolution gives the positions and nothing else. */
  readonly isExact: boolean
}

/**
 * One phase per remainder modulo the stride.
 *
 * Output o reads input i through tap f where o · stride + f = i + padding. With i = start + u · stride and
 * f = taps[0] + t · stride this is o = u + shift − t, a convolution over t.
 */
export function inputPhases(
  inputLength: number,
  outputLength: number,
  filterLength: number,
  stride: number,
  padding: number,
): InputPhase[] {
  return Array.from({ length: Math.min(stride, inputLength) }, (_, start) => {
    const firstTap = (start + padding) % stride
    const shift = Math.floor((start + padding) / stride)
    const taps: number[] = []
    for (let tap = firstTap; tap < filterLength; tap += stride) taps.push(tap)
    const length = Math.ceil((inputLength - start) / stride)
    const before = taps.length - 1 - shift
    const after = length + shift - outputLength
    return {
      start,
      length,
      taps,
      padding: [Math.max(0, before), Math.max(0, after)],
      surplus: Math.max(0, -before),
      isExact: before >= 0 && after >= 0,
    }
  })
}
