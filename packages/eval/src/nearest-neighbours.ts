/** Retrieval: the most similar images to some query images. */
import { checkInteger, SimclrError } from '@simclr/core'
import { blockedNeighbours, type Neighbours } from './blocked-neighbours.ts'
import { checkFeatureValues, type Features } from './features.ts'

export interface NearestNeighboursOptions {
  /** Where neighbours are looked for. Labels are not used. */
  readonly features: Features
  /** Whose neighbours are looked for. A query that is one of `features` finds itself first. */
  readonly queries: Features
  /** Neighbours of each query, at most the number of rows of `features`. */
  readonly k: number
}

/** Elements of a block of features or similarities on the engine: 128 MiB of float32. */
const BLOCK_ELEMENTS = 2 ** 25

/**
 * Finds the rows of largest cosine similarity, in blocks on both sides: any number of rows fits the engine.
 *
 * @throws SimclrError if k is larger than the number of rows, widths differ, or features are empty or not finite.
 * @example
 * const { indices, similarities } = await nearestNeighbours({ features: train, queries: test, k: 10 })
 */
export async function nearestNeighbours({
  features,
  queries,
  k,
}: NearestNeighboursOptions): Promise<Neighbours> {
  checkRows('nearestNeighbours', features)
  checkRows('nearestNeighbours: queries', queries)
  const { width } = features
  if (queries.width !== width) {
    throw new SimclrError({
      parameter: 'nearestNeighbours: queries',
      expected: `of the features' width, ${width}`,
      received: String(queries.width),
    })
  }
  const rows = features.features.length / width
  checkInteger('nearestNeighbours: k', k, 1)
  if (k > rows) {
    throw new SimclrError({
      parameter: 'nearestNeighbours: k',
      expected: `at most the number of features, ${rows}`,
      received: String(k),
      remedy: 'Choose a smaller k or give more features.',
    })
  }
  const rowsOfBlock = Math.max(1, Math.floor(BLOCK_ELEMENTS / width))
  const bankRows = Math.min(rows, rowsOfBlock)
  const queryRows = Math.min(rowsOfBlock, Math.max(1, Math.floor(BLOCK_ELEMENTS / bankRows)))
  return blockedNeighbours(features.features, queries.features, width, k, { bankRows, queryRows })
}

function checkRows(parameter: string, rows: Features): void {
  checkFeatureValues(parameter, rows, Math.floor(rows.features.length / rows.width))
}
