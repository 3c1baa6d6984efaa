/** Effective rank (Roy & Vetterli 2007): how many dimensions embeddings use, counted softly. */
import { checkShape, SimclrError } from '@simclr/core'
import { matMul, type Tensor2D, tidy } from '@tensorflow/tfjs-core'
import { symmetricEigenvalues } from './symmetric-eigenvalues.ts'

/** Eigenvalues of the float32 Gram matrix below this share of the largest are rounding. */
const ROUNDING = 2 ** -20

/**
 * exp of the entropy of the singular values divided by their sum. Singular values below a thousandth of the largest
 * count as 0.
 *
 * @param rows `[n, D]` float32, neither centred nor normalised here. The time grows with the cube of min(n, D).
 * @returns 1 for rows on one line, up to min(n, D) for equal singular values; 0 if all rows are zero; NaN for a NaN.
 * @throws SimclrError unless there is a row and a column.
 */
export async function effectiveRank(rows: Tensor2D): Promise<number> {
  checkShape('effectiveRank: rows', rows.shape, [-1, -1])
  const [count, width] = rows.shape
  const size = Math.min(count, width)
  if (size === 0) {
    throw new SimclrError({
      parameter: 'effectiveRank: rows',
      expected: 'at least one row and one column',
      received: `shape [${rows.shape.join(', ')}]`,
    })
  }
  const gram = tidy(() => matMul(rows, rows, count > width, count <= width))
  const values = await gram.data()
  gram.dispose()
  if (!values.every(Number.isFinite)) return Number.NaN
  const eigenvalues = symmetricEigenvalues(Float64Array.from(values), size)
  const largest = eigenvalues[size - 1]!
  const singular = eigenvalues.filter((value) => value > ROUNDING * largest).map(Math.sqrt)
  const total = singular.reduce((sum, value) => sum + value, 0)
  if (total === 0) return 0
  return Math.exp(singular.reduce((entropy, value) => entropy - (value / total) * Math.log(value / total), 0))
}
