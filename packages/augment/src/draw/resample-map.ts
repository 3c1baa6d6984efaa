/**
 * Interpolation as a {@link LineMap}.
 *
 * As TensorFlow's resize (half-pixel centres): taps outside the crop are dropped and the others scaled to sum 1.
 * Bicubic without antialias rounds positions to 1/1024 pixel, as TensorFlow's ResizeBicubic kernel does; exact
 * positions would differ by up to 6e-4 in the image.
 */
import type { LineMap } from './line-map.ts'

/** How {@link resampler} interpolates. */
export interface ResampleOptions {
  /** `bicubic` (default) is Keys' cubic with a = -0.5. */
  interpolation?: 'bicubic' | 'bilinear'
  /** Widens the kernel when the crop shrinks; default false, as the official code. */
  antialias?: boolean
}

/** The part of an axis that is resampled. */
export interface Interval {
  /** In pixels; may lie inside of one, as `start + length` may. */
  readonly start: number
  /** How many pixels are cut out. */
  readonly length: number
}

/**
 * Cuts intervals out of lines and scales them to `outputLength` pixels. Intervals of one length that begin at whole pixels
 * share their weights.
 *
 * @returns The map of an interval; `reversed` makes its output run backwards, i.e. flips it.
 */
export function resampler(
  outputLength: number,
  options: ResampleOptions = {},
): (interval: Interval, reversed: boolean) => LineMap {
  const known = new Map<number, LineMap>()
  return ({ start, length }, reversed) => {
    const origin = Math.floor(start)
    if (origin !== start) {
      return { ...resampleMap({ start: start - origin, length }, outputLength, reversed, options), origin }
    }
    const key = reversed ? -length : length
    let map = known.get(key)
    if (map === undefined) {
      if (known.size === MOST_KNOWN) known.clear()
      map = resampleMap({ start: 0, length }, outputLength, reversed, options)
      known.set(key, map)
    }
    return { ...map, origin }
  }
}

/** Maps that are kept: a few megabytes of those for large images. */
const MOST_KNOWN = 1024
/** An interval that ends this little beyond a pixel ends with it: its length is the rounded result of a division. */
const ROUNDING = 1e-6

/** @param interval Begins in pixel 0. */
function resampleMap(
  { start, length }: Interval,
  outputLength: number,
  reversed: boolean,
  { interpolation = 'bicubic', antialias = false }: ResampleOptions,
): LineMap {
  const kernel = interpolation === 'bicubic' ? keysCubic : triangle
  const scale = length / outputLength
  const stretch = antialias ? Math.max(scale, 1) : 1
  const radius = (interpolation === 'bicubic' ? 2 : 1) * stretch
  const grid = interpolation === 'bicubic' && !antialias ? 1024 : 0
  const end = Math.ceil(start + length - ROUNDING)
  const stride = Math.min(end, Math.ceil(2 * radius)) // kernels are 0 at their radius
  const starts = new Int32Array(outputLength)
  const counts = new Int32Array(outputLength)
  const weights = new Float32Array(outputLength * stride)
  const tap = new Float64Array(stride)
  for (let i = 0; i < outputLength; i++) {
    const exact = start + (i + 0.5) * scale - 0.5
    const position = grid === 0 ? exact : Math.round(exact * grid) / grid
    const first = Math.max(0, Math.floor(position - radius) + 1)
    const last = Math.min(end - 1, Math.ceil(position + radius) - 1)
    let sum = 0
    for (let j = first; j <= last; j++) {
      tap[j - first] = kernel((j - position) / stretch)
      sum += tap[j - first]!
    }
    const output = reversed ? outputLength - 1 - i : i
    starts[output] = first
    counts[output] = last - first + 1
    for (let t = 0; t <= last - first; t++) weights[output * stride + t] = tap[t]! / sum
  }
  return { origin: 0, starts, counts, weights, stride }
}

/** Keys' cubic convolution kernel with a = -0.5. */
function keysCubic(x: number): number {
  const t = Math.abs(x)
  if (t < 1) return (1.5 * t - 2.5) * t * t + 1
  if (t < 2) return ((-0.5 * t + 2.5) * t - 4) * t + 2
  return 0
}

function triangle(x: number): number {
  return Math.max(0, 1 - Math.abs(x))
}
