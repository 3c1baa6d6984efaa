import { readGoldenJson } from '@simclr/tools/testing'
import { describe, expect, it } from 'vitest'
import { mcnemarTest } from './mcnemar-test.ts'

interface Golden {
  permutation: {
    per_example: {
      name: string
      correct_a: number[]
      correct_b: number[]
      only_a: number
      only_b: number
      p_exact_two_sided: number
    }[]
  }
}

const { permutation } = readGoldenJson<Golden>(new URL('./__fixtures__/08_eval.json', import.meta.url))

/** Vectors of which so many entries only the first and only the second has right. */
function discordant(onlyFirst: number, onlySecond: number): [Uint8Array, Uint8Array] {
  const first = new Uint8Array(onlyFirst + onlySecond + 2).fill(1, 0, onlyFirst + 1)
  const second = new Uint8Array(onlyFirst + onlySecond + 2).fill(1, onlyFirst, onlyFirst + onlySecond + 1)
  return [first, second]
}

/** The two-sided tail in whole numbers of any size, to 15 digits. */
function inWholeNumbers(onlyFirst: number, onlySecond: number): number {
  const tosses = BigInt(onlyFirst + onlySecond)
  let term = 1n
  let tail = 0n
  for (let i = 0n; i <= BigInt(Math.min(onlyFirst, onlySecond)); i++) {
    tail += term
    term = (term * (tosses - i)) / (i + 1n)
  }
  const scale = 10n ** 330n
  return Math.min(1, Number(`${(2n * tail * scale) >> tosses}e-330`))
}

describe('mcnemarTest', () => {
  it.each(permutation.per_example)('equals golden 08: $name', (golden) => {
    const { pValue, onlyFirst, onlySecond } = mcnemarTest(golden.correct_a, golden.correct_b)
    expect([onlyFirst, onlySecond]).toEqual([golden.only_a, golden.only_b])
    expect(pValue).toBeCloseTo(golden.p_exact_two_sided, 14)
  })

  it.each([
    [0, 1],
    [3, 3],
    [3, 4],
    [0, 30],
    [510, 620],
    [4900, 5100],
    [200, 1500],
    [50_000, 50_900],
  ])('equals binomial sums in whole numbers: %i against %i', (onlyFirst, onlySecond) => {
    const [first, second] = discordant(onlyFirst, onlySecond)
    const { pValue } = mcnemarTest(first, second)
    expect(pValue / inWholeNumbers(onlyFirst, onlySecond)).toBeCloseTo(1, 10)
    expect(mcnemarTest(second, first)).toEqual({ pValue, onlyFirst: onlySecond, onlySecond: onlyFirst })
  })

  it('falls as the counts part', () => {
    const pValues = [0, 1, 2, 5, 10, 20].map(
      (excess) => mcnemarTest(...discordant(40 - excess, 40 + excess)).pValue,
    )
    expect(pValues).toEqual([...pValues].sort((a, b) => b - a))
    expect(pValues[0]).toBe(1)
    expect(new Set(pValues).size).toBe(pValues.length)
  })

  it.each([
    [[1], [1, 0], 'second: must be 1, each 0 or 1, as many as in the other, got 2.'],
    [[], [], 'at least one'],
    [
      [1, 0.5],
      [1, 0],
      'first: must be 2, each 0 or 1, as many as in the other, got a 0.5. For other numbers',
    ],
    [[1, 0], [1, Number.NaN], 'got a NaN'],
  ])('rejects %j and %j', (first, second, message) => {
    expect(() => mcnemarTest(first, second)).toThrow(message)
  })
})
