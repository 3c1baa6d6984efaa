/** The paired permutation test with which the paper compares two methods (SimCLR appendix B.8). */
import { checkInteger, RandomKey, SimclrError } from '@simclr/core'

export interface PermutationTestOptions {
  /**
   * `'all'`: every one of the 2^m exchanges of the m pairs that differ, an exact p-value, for m up to 20. A number: so
   * many random ones; the paper draws 100,000. Default `'all'` up to m = 20, 100,000 beyond.
   */
  readonly exchanges?: 'all' | number
  /** Of the random exchanges; default 0. */
  readonly seed?: number
}

export interface PermutationTestResult {
  /**
   * Two-sided: the share of exchanges after which the sums differ at least as much as they do. 0 of random ones means
   * too small for their number.
   */
  readonly pValue: number
  /** Mean of `first` minus mean of `second`. */
  readonly difference: number
  /** Whether all exchanges were counted. */
  readonly exact: boolean
}

/**
 * If neither method is better, the two numbers of a pair could as well be exchanged: how often do random exchanges give
 * a difference as large as the one seen? Pairs are the same example under two methods (0 or 1 for wrong or right, or
 * that divided by the size of the example's class for mean per-class accuracy), or the same seed under two methods
 * (accuracies of whole runs). Numbers are counted in whole units of 1e-9, so that equal sums tie exactly
 * (of float64 numbers: float32 ones are further from their decimals).
 *
 * `mcnemarTest` is this test with all exchanges for zeros and ones, however many.
 *
 * @param first The first method's number for each pair.
 * @param second The second method's number for each pair.
 * @throws SimclrError unless both have as many entries, at least one, finite, with differences below 9e6 in sum; if all
 * exchanges are asked for with more than 20 pairs that differ; or if the number of exchanges is below 1.
 *
 * @example
 * permutationTest([70.95, 68.6, 71.76], [70.53, 68.52, 71.87]).pValue // accuracies over three seeds
 */
export function permutationTest(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  options: PermutationTestOptions = {},
): PermutationTestResult {
  const differences = differencesInUnits(first, second)
  const differing = differences.filter((difference) => difference !== 0)
  const { exchanges = differing.length <= MOST_EXACT ? 'all' : 100_000, seed = 0 } = options
  const difference = (total(differences) * UNIT) / differences.length
  if (exchanges === 'all') return { pValue: shareOfAll(differing), difference, exact: true }
  checkInteger('permutationTest: exchanges', exchanges, 1)
  return { pValue: shareOfRandom(differing, exchanges, RandomKey.fromSeed(seed)), difference, exact: false }
}

const UNIT = 1e-9
const MOST_EXACT = 20

/** Walks through all sets of exchanged pairs in Gray-code order, one exchange a step. */
function shareOfAll(differences: Float64Array): number {
  if (differences.length > MOST_EXACT) {
    throw new SimclrError({
      parameter: 'permutationTest: exchanges',
      expected: `a number where more than ${MOST_EXACT} pairs differ`,
      received: `'all' for ${differences.length}`,
      remedy: 'For zeros and ones use mcnemarTest, which is exact at any size.',
    })
  }
  const signed = Float64Array.from(differences)
  const observed = Math.abs(total(signed))
  const patterns = 2 ** differences.length
  let sum = total(signed)
  let extreme = 1
  for (let step = 1; step < patterns; step++) {
    const pair = 31 - Math.clz32(step & -step)
    signed[pair] = -signed[pair]!
    sum += 2 * signed[pair]!
    if (Math.abs(sum) >= observed) extreme += 1
  }
  return extreme / patterns
}

function shareOfRandom(differences: Float64Array, exchanges: number, key: RandomKey): number {
  const sum = total(differences)
  let extreme = 0
  for (let exchange = 0; exchange < exchanges; exchange++) {
    if (Math.abs(sum - 2 * exchanged(differences, key.fold(exchange))) >= Math.abs(sum)) extreme += 1
  }
  return extreme / exchanges
}

/** The sum over the pairs that fair coins, 32 from each draw, choose for exchange. */
function exchanged(differences: Float64Array, key: RandomKey): number {
  let sum = 0
  let coins = 0
  for (let pair = 0; pair < differences.length; pair++) {
    if (pair % 32 === 0) coins = key.integer(pair / 32, 2 ** 32)
    if ((coins >>> (pair % 32)) & 1) sum += differences[pair]!
  }
  return sum
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}

/** `first` − `second`, each rounded to whole units: sums of such numbers are exact. */
function differencesInUnits(first: ArrayLike<number>, second: ArrayLike<number>): Float64Array {
  if (first.length !== second.length || first.length === 0) {
    throw new SimclrError({
      parameter: 'permutationTest: second',
      expected: 'as many numbers as in first, at least one',
      received: `${second.length} for ${first.length}`,
    })
  }
  const differences = Float64Array.from(
    { length: first.length },
    (_, i) => Math.round(first[i]! / UNIT) - Math.round(second[i]! / UNIT),
  )
  if (Number.isSafeInteger(total(differences.map(Math.abs)))) return differences
  throw new SimclrError({
    parameter: 'permutationTest: first and second',
    expected: 'finite numbers whose differences add up to less than 9e6',
    received: `differences that add up to ${total(differences.map(Math.abs)) * UNIT}`,
  })
}
