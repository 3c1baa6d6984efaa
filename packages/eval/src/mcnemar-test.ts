/** McNemar's exact test: do two classifiers differ on the same test images? (SimCLR appendix B.8, for top-1.) */
import { SimclrError } from '@simclr/core'

export interface McnemarTestResult {
  /** Two-sided; 1 if the two are right on the same examples. */
  readonly pValue: number
  /** How many examples only the first has right. */
  readonly onlyFirst: number
  /** How many examples only the second has right. */
  readonly onlySecond: number
}

/**
 * If neither is better, each example that only one has right falls to either with probability ½: the p-value is the
 * two-sided tail of the binomial distribution. This is the permutation test of accuracies with all exchanges, for any
 * number of examples, in time linear in it.
 *
 * @param first 1 where the first method is right and 0 where it is wrong, one per example.
 * @param second The same for the second method, on the same examples.
 * @throws SimclrError unless both have as many entries, at least one, each 0 or 1.
 *
 * @example
 * const right = (predictions: Int32Array) => predictions.map((prediction, i) => Number(prediction === labels[i]))
 * const { pValue } = mcnemarTest(right(ours), right(supervised))
 */
export function mcnemarTest(first: ArrayLike<number>, second: ArrayLike<number>): McnemarTestResult {
  checkCorrectness('first', first, first.length)
  checkCorrectness('second', second, first.length)
  let [onlyFirst, onlySecond] = [0, 0]
  for (let i = 0; i < first.length; i++) {
    if (first[i]! > second[i]!) onlyFirst += 1
    if (first[i]! < second[i]!) onlySecond += 1
  }
  const tail = fairCoinTail(onlyFirst + onlySecond, Math.min(onlyFirst, onlySecond))
  return { pValue: Math.min(1, 2 * tail), onlyFirst, onlySecond }
}

/** The probability of at most `most` heads in `tosses` of a fair coin, for `most` ≤ `tosses` / 2. */
function fairCoinTail(tosses: number, most: number): number {
  // The largest term, binomial(tosses, most) / 2^tosses; halving as it grows keeps it within range.
  let term = 1
  let halvings = tosses
  for (let i = 0; i < most; i++) {
    term *= (tosses - i) / (i + 1)
    while (term > 1) {
      term /= 2
      halvings -= 1
    }
  }
  term *= 2 ** -halvings
  let tail = 0
  for (let i = most; i >= 0; i--) {
    tail += term
    term *= i / (tosses - i + 1)
  }
  return tail
}

function checkCorrectness(name: string, correct: ArrayLike<number>, count: number): void {
  const stray = Array.from(correct).find((value) => value !== 0 && value !== 1)
  if (count > 0 && correct.length === count && stray === undefined) return
  throw new SimclrError({
    parameter: `mcnemarTest: ${name}`,
    expected: `${count > 0 ? count : 'at least one'}, each 0 or 1, as many as in the other`,
    received: stray === undefined ? String(correct.length) : `a ${stray}`,
    ...(stray === undefined ? {} : { remedy: 'For other numbers use permutationTest.' }),
  })
}
