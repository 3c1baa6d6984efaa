/** Which results of the transfer suite differ by more than chance (SimCLR appendix B.8). */
import type { Metric } from '@simclr/data'
import { mcnemarTest } from './mcnemar-test.ts'
import { notWorseThanBest } from './not-worse-than-best.ts'
import { permutationTest } from './permutation-test.ts'
import type { TransferCell, TransferComparison } from './transfer-result.ts'

/** A cell before it is compared. */
export type UncomparedCell = Omit<TransferCell, 'bold'>

/**
 * Compares the cells of one dataset and group.
 *
 * @param seed Of the permutation test.
 * @returns The cells in their order with bold marks, and every pair of them. The best of the marks is that of the
 * largest sum of `correctness`, for VOC2007 of the highest accuracy, as the paper tests that.
 */
export function transferSignificance(
  cells: readonly UncomparedCell[],
  metric: Metric,
  seed: number,
): { cells: TransferCell[]; comparisons: TransferComparison[] } {
  const pValue = (first: ArrayLike<number>, second: ArrayLike<number>): number =>
    metric === 'top-1 accuracy'
      ? mcnemarTest(first, second).pValue
      : permutationTest(first, second, { seed }).pValue
  const bold = notWorseThanBest(
    cells.map(({ correctness }) => correctness),
    { pValue },
  )
  return {
    cells: cells.map((cell, i) => ({ ...cell, bold: bold[i]! })),
    comparisons: cells.flatMap((first, i) =>
      cells.slice(i + 1).map((second) => ({
        dataset: first.dataset,
        group: first.group,
        weights: [first.weights, second.weights] as const,
        pValue: pValue(first.correctness, second.correctness),
      })),
    ),
  }
}
