import { expect, it } from 'vitest'
import { transferSignificance, type UncomparedCell } from './transfer-significance.ts'

function cell(weights: string, correctness: readonly number[]): UncomparedCell {
  return {
    ...{ dataset: 'dtd', group: 'linear', protocol: 'linear', weights, score: 0, validationScore: 0 },
    ...{ settings: { regularization: 1 }, correctness: Float64Array.from(correctness) },
  } as const
}

/** 12 images; `right` says which are right. */
const right = (count: number): number[] => Array.from({ length: 12 }, (_, i) => Number(i < count))

it('marks the best and what is not significantly worse, and compares every pair', () => {
  const cells = [cell('worst', right(2)), cell('best', right(12)), cell('close', right(8))]
  const result = transferSignificance(cells, 'top-1 accuracy', 0)
  // 10 and 4 images of 12 that only the best has right: 2 / 2^10 and 2 / 2^4.
  expect(result.cells.map(({ bold }) => bold)).toEqual([false, true, true])
  expect(result.comparisons.map(({ weights, pValue }) => [...weights, pValue])).toEqual([
    ['worst', 'best', 2 / 1024],
    ['worst', 'close', 2 / 64],
    ['best', 'close', 2 / 16],
  ])
})

it('weighs images by their class for mean per-class accuracy', () => {
  // The second is right about one more image, but of a class of ten.
  const first = cell('first', [1, 0, 0, 0.1, 0.1])
  const second = cell('second', [0, 0.1, 0.1, 0.1, 0.1])
  const { cells, comparisons } = transferSignificance([first, second], 'mean per-class accuracy', 0)
  expect(cells.map(({ bold }) => bold)).toEqual([true, true])
  // The differences 1, -0.1 and -0.1 add up to 0.8, and to at least that in size after each of the eight exchanges.
  expect(comparisons[0]!.pValue).toBe(1)
})
