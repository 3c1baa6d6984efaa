/** Embeddings in the plane, for the map of a report. */
import { RandomKey, SimclrError } from '@simclr/core'
import { principalComponents } from './principal-components.ts'
import type { MapMethod } from './report-data.ts'
import { tSne } from './t-sne.ts'

/** Fewer points than this have no neighbourhoods worth the name; more would take longer than a reader waits. */
const FEWEST_FOR_T_SNE = 16
const MOST_FOR_T_SNE = 1500

/** Options of {@link projectTwoDimensions}. */
export interface ProjectionOptions {
  /** Default: t-SNE from 16 to 1,500 rows, otherwise the first two principal components. */
  readonly method?: MapMethod
  /** Seed of the start vectors of the principal components, default 0. */
  readonly seed?: number
}

/** Coordinates per row, and the method that made them. */
export interface Projection {
  readonly x: Float32Array
  readonly y: Float32Array
  readonly method: MapMethod
}

/**
 * Projects embeddings to two dimensions: rows are normalised to length 1, as in the loss, then laid out by t-SNE on
 * their squared distances (2 − 2 cos), which starts from the first two principal components.
 *
 * @param features `[rows, width]`, row by row. @param width Length of an embedding.
 * @returns The same for the same input and seed.
 * @throws SimclrError if the features are not whole rows of finite numbers.
 */
export function projectTwoDimensions(
  features: Float32Array,
  width: number,
  options: ProjectionOptions = {},
): Projection {
  checkRows(features, width)
  const rows = features.length / width
  const fitsTSne = rows >= FEWEST_FOR_T_SNE && rows <= MOST_FOR_T_SNE
  const { method = fitsTSne ? 't-sne' : 'pca', seed = 0 } = options
  const unit = normaliseRows(features, width)
  const [x, y] = principalComponents(unit, width, 2, RandomKey.fromSeed(seed).fold('map'))
  const start = { x: x!, y: y! }
  const plane = method === 't-sne' ? tSne(squaredDistances(unit, width), start) : start
  return { x: Float32Array.from(plane.x), y: Float32Array.from(plane.y), method }
}

function checkRows(features: Float32Array, width: number): void {
  const whole = Number.isInteger(width) && width > 0 && features.length % width === 0
  if (whole && features.every(Number.isFinite)) return
  throw new SimclrError({
    parameter: 'projectTwoDimensions: features',
    expected: 'whole rows of finite numbers',
    received: whole ? 'a number that is not finite' : `${features.length} numbers for a width of ${width}`,
    remedy: whole ? 'The encoder diverged.' : 'Pass the values of a tensor [rows, width] and its width.',
  })
}

function normaliseRows(features: Float32Array, width: number): Float32Array {
  const unit = features.slice()
  for (let start = 0; start < unit.length; start += width) {
    const row = unit.subarray(start, start + width)
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0)) || 1
    for (let j = 0; j < width; j++) row[j]! /= length
  }
  return unit
}

function squaredDistances(features: Float32Array, width: number): Float64Array {
  const rows = features.length / width
  const distances = new Float64Array(rows * rows)
  for (let i = 1; i < rows; i++) {
    for (let j = 0; j < i; j++) {
      let sum = 0
      for (let k = 0; k < width; k++) {
        const difference = features[i * width + k]! - features[j * width + k]!
        sum += difference * difference
      }
      distances[i * rows + j] = sum
      distances[j * rows + i] = sum
    }
  }
  return distances
}
