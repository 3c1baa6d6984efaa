/**
 * Interpolation as a matrix: row i holds the weights of the input pixels that make output pixel i.
 *
 * As TensorFlow's resize (half-pixel centres): taps outside the crop are dropped and the others scaled to sum 1.
 * Bicubic without antialias rounds positions to 1/1024 pixel, as TensorFlow's ResizeBicubic kernel does; exact
 * positions would differ by up to 6e-4 in the image.
 */

/** How {@link fillResampleMatrix} interpolates. */
export interface ResampleOptions {
  /** `bicubic` (default) is Keys' cubic with a = -0.5. */
  interpolation?: 'bicubic' | 'bilinear'
  /** Widens the kernel when the crop shrinks; default false, as the official code. */
  antialias?: boolean
}

/** The part of an axis that is resampled. */
export interface Interval {
  /** The first input pixel. */
  readonly start: number
  /** How many input pixels are cut out, at least 1. */
  readonly length: number
}

/**
 * Writes the matrix that cuts `crop` out of `inputLength` pixels and scales it to `outputLength`.
 *
 * @param matrix Zeros; the element of output pixel i and input pixel j lies at `i * outputStride + j * inputStride`.
 * @param reversed Whether the output runs backwards, i.e. is flipped.
 */
export function fillResampleMatrix(
  matrix: Float32Array,
  {
    outputLength,
    outputStride,
    inputStride,
  }: { outputLength: number; outputStride: number; inputStride: number },
  { start, length }: Interval,
  reversed: boolean,
  { interpolation = 'bicubic', antialias = false }: ResampleOptions = {},
): void {
  const kernel = interpolation === 'bicubic' ? keysCubic : triangle
  const radius = interpolation === 'bicubic' ? 2 : 1
  const scale = length / outputLength
  const stretch = antialias ? Math.max(scale, 1) : 1
  const grid = interpolation === 'bicubic' && !antialias ? 1024 : 0
  for (let i = 0; i < outputLength; i++) {
    const exact = (i + 0.5) * scale - 0.5
    const position = grid === 0 ? exact : Math.round(exact * grid) / grid
    const first = Math.max(0, Math.ceil(position - radius * stretch))
    const last = Math.min(length - 1, Math.floor(position + radius * stretch))
    const row = (reversed ? outputLength - 1 - i : i) * outputStride + start * inputStride
    let sum = 0
    for (let j = first; j <= last; j++) sum += kernel((j - position) / stretch)
    for (let j = first; j <= last; j++) {
      matrix[row + j * inputStride] = kernel((j - position) / stretch) / sum
    }
  }
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
