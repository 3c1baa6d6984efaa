/** The search behind nearest neighbours: similarities in blocks, of which only the best are kept. */
import {
  div,
  matMul,
  maximum,
  sqrt,
  square,
  sum,
  type Tensor2D,
  tensor2d,
  tidy,
  topk,
} from '@tensorflow/tfjs-core'

/** How many rows lie on the engine at once; their product is the size of a block of similarities. */
export interface NeighbourBlocks {
  readonly bankRows: number
  readonly queryRows: number
}

/** The rows of the bank that are most like each query. */
export interface Neighbours {
  /** Shape [queries, k]: numbers of rows, the most similar first, the lower one on ties. */
  readonly indices: Int32Array
  /** Shape [queries, k]: cosine similarities, falling. */
  readonly similarities: Float32Array
}

/**
 * Finds the k rows of the bank of largest cosine similarity to each query.
 *
 * @param bank Row-major [rows, width], finite.
 * @param queries Row-major [n, width], finite.
 * @param k 1..rows.
 * @param blocks The neighbours do not depend on it, and similarities by rounding only.
 */
export async function blockedNeighbours(
  bank: Float32Array,
  queries: Float32Array,
  width: number,
  k: number,
  { bankRows, queryRows }: NeighbourBlocks,
): Promise<Neighbours> {
  const [rows, count] = [bank.length / width, queries.length / width]
  const best = {
    indices: new Int32Array(count * k),
    similarities: new Float32Array(count * k).fill(Number.NEGATIVE_INFINITY),
  }
  for (let first = 0; first < rows; first += bankRows) {
    const candidates = unitRows(bank, width, first, bankRows)
    const found = Math.min(k, candidates.shape[0])
    try {
      for (let start = 0; start < count; start += queryRows) {
        const nearest = tidy(() =>
          topk(matMul(unitRows(queries, width, start, queryRows), candidates, false, true), found),
        )
        const [similarities, indices] = await Promise.all([nearest.values.data(), nearest.indices.data()])
        nearest.values.dispose()
        nearest.indices.dispose()
        for (let row = 0; row < similarities.length / found; row++) {
          const [from, to] = [row * found, (row + 1) * found]
          const into = [(start + row) * k, (start + row + 1) * k] as const
          mergeInto(
            { indices: best.indices.subarray(...into), similarities: best.similarities.subarray(...into) },
            { indices: indices.subarray(from, to), similarities: similarities.subarray(from, to) },
            first,
          )
        }
      }
    } finally {
      candidates.dispose()
    }
  }
  return best
}

/** Merges a block's neighbours, whose rows come after all that are there already. */
function mergeInto(
  best: Neighbours,
  block: { readonly indices: ArrayLike<number>; readonly similarities: ArrayLike<number> },
  firstRow: number,
): void {
  const before = { indices: best.indices.slice(), similarities: best.similarities.slice() }
  let [old, added] = [0, 0]
  for (let rank = 0; rank < best.indices.length; rank++) {
    const isOld = added === block.indices.length || before.similarities[old]! >= block.similarities[added]!
    best.indices[rank] = isOld ? before.indices[old]! : firstRow + block.indices[added]!
    best.similarities[rank] = isOld ? before.similarities[old]! : block.similarities[added]!
    if (isOld) old++
    else added++
  }
}

function unitRows(features: Float32Array, width: number, start: number, count: number): Tensor2D {
  const part = features.subarray(start * width, (start + count) * width)
  return tidy(() => {
    const rows = tensor2d(part, [part.length / width, width])
    return div(rows, sqrt(maximum(sum(square(rows), 1, true), 1e-12)))
  })
}
