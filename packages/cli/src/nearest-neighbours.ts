/** The most similar images to some query images, for a person to look at. */

export interface QueryNeighbours {
  /** Row of the query. */
  readonly query: number
  /** Other rows by falling cosine similarity. */
  readonly nearest: readonly { readonly row: number; readonly similarity: number }[]
}

/**
 * Finds the neighbours of the first `queries` rows among all others.
 *
 * @param features Row-major `[n, width]`.
 */
export function nearestNeighbours(
  features: Float32Array,
  width: number,
  queries: number,
  neighbours: number,
): QueryNeighbours[] {
  const rows = features.length / width
  const lengths = Float64Array.from(
    { length: rows },
    (_, row) => Math.sqrt(dot(features, width, row, row)) || 1,
  )
  return Array.from({ length: Math.min(queries, rows) }, (_, query) => {
    const candidates = Array.from({ length: rows }, (_, row) => ({
      row,
      similarity: dot(features, width, query, row) / (lengths[query]! * lengths[row]!),
    }))
    const nearest = candidates
      .filter(({ row }) => row !== query)
      .sort((a, b) => b.similarity - a.similarity)
      .slice(0, neighbours)
    return { query, nearest }
  })
}

function dot(features: Float32Array, width: number, a: number, b: number): number {
  let sum = 0
  for (let i = 0; i < width; i++) sum += features[a * width + i]! * features[b * width + i]!
  return sum
}
