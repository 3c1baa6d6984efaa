/** Which results of a row of a table are set in bold (SimCLR appendix B.8, table 8). */
import { checkRange, SimclrError } from '@simclr/core'
import { mcnemarTest } from './mcnemar-test.ts'

export interface NotWorseThanBestOptions {
  /** A method is significantly worse if its p-value is at most this; from 0 to 1, default 0.05. */
  readonly level?: number
  /** The p-value of the best method's numbers against another's; default `mcnemarTest`, exact for zeros and ones. */
  readonly pValue?: (best: ArrayLike<number>, other: ArrayLike<number>) => number
}

/**
 * Marks the method with the largest sum, the first of several, and every method that is not significantly worse than
 * it on one dataset: what the paper shows in bold.
 *
 * @param methods For each method the same examples in the same order, 1 where it is right and 0 where it is wrong. The
 * permutation test takes other numbers too, e.g. the share of an image's classes that is right (VOC2007).
 * @returns One mark per method.
 * @throws SimclrError if there is no method or the level is out of range; what the test throws.
 *
 * @example
 * const bold = notWorseThanBest([simclr, supervised, randomInit])
 */
export function notWorseThanBest(
  methods: readonly ArrayLike<number>[],
  { level = 0.05, pValue = (best, other) => mcnemarTest(best, other).pValue }: NotWorseThanBestOptions = {},
): boolean[] {
  checkRange('notWorseThanBest: level', level, 0, 1)
  if (methods.length === 0) {
    throw new SimclrError({
      parameter: 'notWorseThanBest: methods',
      expected: 'at least one',
      received: 'none',
    })
  }
  const sums = methods.map((numbers) => Array.from(numbers).reduce((sum, value) => sum + value, 0))
  const best = sums.reduce((leader, sum, i) => (sum > sums[leader]! ? i : leader), 0)
  return methods.map((numbers, i) => i === best || pValue(methods[best]!, numbers) > level)
}
