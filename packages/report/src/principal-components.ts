/** Principal components by power iteration with deflation: enough for the two that a map needs. */
import type { RandomKey } from '@simclr/core'

const ITERATIONS = 100

/**
 * Coordinates of each row along the `count` directions of largest variance.
 *
 * @param features `[rows, width]`, row by row.
 * @param key Source of the start vectors; the result depends on it only where variances are equal.
 * @returns One array of `rows` coordinates per component, mean 0, largest variance first. The sign of a component
 * is fixed: its coordinate largest in size is positive.
 */
export function principalComponents(
  features: Float32Array,
  width: number,
  count: number,
  key: RandomKey,
): Float64Array[] {
  const centred = centre(features, width)
  return Array.from({ length: count }, (_, component) => {
    const start = key.fold(component)
    let direction: Float64Array = normalise(Float64Array.from({ length: width }, (_, j) => start.normal(j)))
    for (let i = 0; i < ITERATIONS; i++) {
      direction = normalise(timesTransposed(centred, times(centred, direction), width))
    }
    const coordinates = times(centred, direction)
    subtractOuter(centred, coordinates, direction)
    return withFixedSign(coordinates)
  })
}

function centre(features: Float32Array, width: number): Float64Array {
  const rows = features.length / width
  const means = new Float64Array(width)
  for (let i = 0; i < features.length; i++) means[i % width]! += features[i]! / rows
  return Float64Array.from(features, (value, i) => value - means[i % width]!)
}

function times(matrix: Float64Array, vector: Float64Array): Float64Array {
  const width = vector.length
  return Float64Array.from({ length: matrix.length / width }, (_, row) => {
    let sum = 0
    for (let j = 0; j < width; j++) sum += matrix[row * width + j]! * vector[j]!
    return sum
  })
}

function timesTransposed(matrix: Float64Array, vector: Float64Array, width: number): Float64Array {
  const result = new Float64Array(width)
  for (let row = 0; row < vector.length; row++) {
    for (let j = 0; j < width; j++) result[j]! += matrix[row * width + j]! * vector[row]!
  }
  return result
}

function subtractOuter(matrix: Float64Array, column: Float64Array, row: Float64Array): void {
  for (let i = 0; i < matrix.length; i++) {
    matrix[i]! -= column[Math.floor(i / row.length)]! * row[i % row.length]!
  }
}

/** A vector of zeros (no variance left) stays as it is. */
function normalise(vector: Float64Array): Float64Array {
  const length = Math.hypot(...vector)
  return length === 0 ? vector : vector.map((value) => value / length)
}

function withFixedSign(coordinates: Float64Array): Float64Array {
  const extreme = coordinates.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0)
  return extreme < 0 ? coordinates.map((value) => -value) : coordinates
}
