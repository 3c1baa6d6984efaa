/**
 * NT-Xent without its similarity matrix: paper section 2.1, equation 1, in tiles of which one is held at a time.
 *
 * With its positive s_ip apart from its negatives s_ik, the loss of row i is log(1 + exp(log Σ_k exp(s_ik) − s_ip)),
 * which stays accurate where the positive dominates. The forward pass keeps two numbers per row; the gradient computes
 * the tiles again, and exp(s_ik − s_ip − loss_i) is the probability of a negative.
 */
import {
  abs,
  add,
  concat,
  customGrad,
  exp,
  expandDims,
  expm1,
  log1p,
  logSumExp,
  matMul,
  mean,
  mul,
  neg,
  relu,
  type Scalar,
  split,
  stack,
  sub,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
  zerosLike,
} from '@tensorflow/tfjs-core'
import { negativeSimilarities, type RowBlock, splitRows } from './nt-xent-similarities.ts'

/** What {@link ntXentBlocked} needs to know beside tensors. */
export interface BlockedOptions {
  /** The image that each row shows. */
  readonly rowImages: Int32Array
  /** The image that each column shows. */
  readonly columnImages: Int32Array
  /** Most rows and columns of a tile. */
  readonly blockRows: number
}

/** The similarity matrix, cut; where `columns` is `rows` it is symmetric, and its upper triangle is computed alone. */
interface Blocks {
  readonly rows: readonly RowBlock[]
  readonly columns: readonly RowBlock[]
}

/**
 * The mean of the NT-Xent loss over the rows, where similarity is the dot product. Has a first derivative with respect
 * to all three tensors, and no second.
 *
 * @param rows `[2n, D]` float32.
 * @param columns `[2N, D]`; if it is `rows` itself, each similarity is computed once.
 * @param positives `[2n]`, the similarity of each row with the other view of its image.
 * @returns A scalar, which the caller disposes.
 */
export function ntXentBlocked(
  rows: Tensor2D,
  columns: Tensor2D,
  positives: Tensor1D,
  { rowImages, columnImages, blockRows }: BlockedOptions,
): Scalar {
  const isSymmetric = rows === columns
  const cut = (rows: Tensor2D, columns: Tensor2D): Blocks => {
    const rowBlocks = splitRows(rows, rowImages, blockRows)
    return { rows: rowBlocks, columns: isSymmetric ? rowBlocks : splitRows(columns, columnImages, blockRows) }
  }
  const operation = customGrad((...args) => {
    const save = args.pop() as unknown as (tensors: Tensor[]) => void
    const [rows, columns, positives] = args as [Tensor2D, Tensor2D, Tensor1D]
    const excess = sub(logSumExpOfRows(cut(rows, columns)), positives)
    const losses = add(relu(excess), log1p(exp(neg(abs(excess)))))
    save([rows, columns, positives, losses])
    return {
      value: mean(losses),
      gradFunc: (upstream, saved) =>
        tidy(() => {
          const [rows, columns, positives, losses] = saved as [Tensor2D, Tensor2D, Tensor1D, Tensor1D]
          const { ofRows, ofColumns } = gradientsOfBlocks(cut(rows, columns), add(positives, losses))
          const gradients = [ofRows, ofColumns ?? zerosLike(columns), expm1(neg(losses))]
          const scale = mul(upstream, 1 / losses.size)
          return gradients.map((gradient) => mul(gradient, scale))
        }),
    }
  })
  return operation(rows, columns, positives) as Scalar
}

/** log Σ_k exp(s_ik) over the negatives of each row, `[2n]`. */
function logSumExpOfRows(blocks: Blocks): Tensor1D {
  const totals: Tensor[] = []
  const include = (total: Tensor | undefined, sum: Tensor): Tensor =>
    total === undefined ? sum : logSumExp(stack([total, sum]), 0)
  for (const { i, j, isMirrored } of tilesOf(blocks)) {
    const [ofRows, ofColumns] = tidy(() => {
      const similarities = negativeSimilarities(blocks.rows[i]!, blocks.columns[j]!)
      const ofRows = include(totals[i], logSumExp(similarities, 1))
      return isMirrored ? [ofRows, include(totals[j], logSumExp(similarities, 0))] : [ofRows]
    })
    replace(totals, i, ofRows!)
    if (ofColumns !== undefined) replace(totals, j, ofColumns)
  }
  return concat(totals as Tensor1D[])
}

/**
 * With p_ik = exp(s_ik − normalizer_i): Σ_k p_ik · column_k for every row, and Σ_i p_ik · row_i for every column. In a
 * symmetric matrix, where columns are rows, `ofRows` is the sum of both.
 */
function gradientsOfBlocks(
  blocks: Blocks,
  normalizers: Tensor1D,
): { ofRows: Tensor; ofColumns: Tensor | undefined } {
  const isSymmetric = blocks.rows === blocks.columns
  const rowTotals: Tensor[] = []
  const columnTotals: Tensor[] = isSymmetric ? rowTotals : []
  const include = (total: Tensor | undefined, sum: Tensor): Tensor =>
    total === undefined ? sum : add(total, sum)
  const normalizersOf = split(
    normalizers,
    blocks.rows.map(({ images }) => images.length),
  )
  for (const { i, j, isMirrored } of tilesOf(blocks)) {
    const [row, column] = [blocks.rows[i]!, blocks.columns[j]!]
    const [ofRows, ofColumns] = tidy(() => {
      const similarities = negativeSimilarities(row, column)
      const ofRow = exp(sub(similarities, expandDims(normalizersOf[i]!, 1)))
      const weights = isSymmetric ? add(ofRow, exp(sub(similarities, normalizersOf[j]!))) : ofRow
      const ofRows = include(rowTotals[i], matMul(weights, column.rows))
      return isSymmetric && !isMirrored
        ? [ofRows]
        : [ofRows, include(columnTotals[j], matMul(weights, row.rows, true))]
    })
    replace(rowTotals, i, ofRows!)
    if (ofColumns !== undefined) replace(columnTotals, j, ofColumns)
  }
  return { ofRows: concat(rowTotals), ofColumns: isSymmetric ? undefined : concat(columnTotals) }
}

/** The tiles that are computed; one that `isMirrored` stands for its mirror image too. */
function* tilesOf({ rows, columns }: Blocks): Generator<{ i: number; j: number; isMirrored: boolean }> {
  const isSymmetric = rows === columns
  for (let i = 0; i < rows.length; i++) {
    for (let j = isSymmetric ? i : 0; j < columns.length; j++)
      yield { i, j, isMirrored: isSymmetric && i < j }
  }
}

/** Puts a new total in the place of one that is no longer needed. */
function replace(totals: Tensor[], index: number, total: Tensor): void {
  totals[index]?.dispose()
  totals[index] = total
}
