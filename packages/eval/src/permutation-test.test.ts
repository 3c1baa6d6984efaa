import { RandomKey } from '@simclr/core'
import { readGoldenJson } from '@simclr/tools/testing'
import { describe, expect, it } from 'vitest'
import { mcnemarTest } from './mcnemar-test.ts'
import { permutationTest } from './permutation-test.ts'

interface Golden {
  permutation: {
    per_example: { name: string; correct_a: number[]; correct_b: number[]; p_exact_two_sided: number }[]
    per_run_vectors: { a: number[]; b: number[]; mean_difference: number; p_two_sided_exact: number }[]
  }
}

const { permutation } = readGoldenJson<Golden>(new URL('./__fixtures__/08_eval.json', import.meta.url))

function draws(seed: number, count: number, values: number): number[] {
  return Array.from({ length: count }, (_, i) => RandomKey.fromSeed(seed).integer(i, values))
}

/** All exchanges one by one, on whole numbers. */
function byDefinition(first: readonly number[], second: readonly number[]): number {
  const sum = (pattern: number) =>
    first.reduce((total, value, i) => total + ((pattern >> i) & 1 ? -1 : 1) * (value - second[i]!), 0)
  const patterns = Array.from({ length: 2 ** first.length }, (_, pattern) => pattern)
  return patterns.filter((pattern) => Math.abs(sum(pattern)) >= Math.abs(sum(0))).length / patterns.length
}

describe('permutationTest', () => {
  it.each(permutation.per_run_vectors)('equals golden 08 on runs: $p_two_sided_exact', (golden) => {
    const { pValue, difference, exact } = permutationTest(golden.a, golden.b)
    expect([pValue, exact]).toEqual([golden.p_two_sided_exact, true])
    expect(difference).toBeCloseTo(golden.mean_difference, 12)
    const inPercent = permutationTest(
      golden.a.map((value) => 100 * value),
      golden.b.map((value) => 100 * value),
    )
    expect(inPercent.pValue).toBe(pValue)
  })

  it.each(permutation.per_example)('comes near golden 08 by 100,000 random exchanges: $name', (golden) => {
    const { pValue } = permutationTest(golden.correct_a, golden.correct_b, { exchanges: 100_000 })
    const p = golden.p_exact_two_sided
    expect(Math.abs(pValue - p)).toBeLessThanOrEqual(4 * Math.sqrt((p * (1 - p)) / 100_000))
  })

  it('equals the definition on short vectors of few values', () => {
    for (let trial = 0; trial < 60; trial++) {
      const [first, second] = [draws(trial, 8, 4), draws(1000 + trial, 8, 4)]
      expect(permutationTest(first, second).pValue).toBe(byDefinition(first, second))
    }
  })

  it('equals McNemar where all exchanges of zeros and ones are counted', () => {
    for (let trial = 0; trial < 60; trial++) {
      const [first, second] = [draws(trial, 20, 2), draws(1000 + trial, 20, 2)]
      expect(permutationTest(first, second).pValue).toBeCloseTo(mcnemarTest(first, second).pValue, 14)
    }
  })

  it('does not depend on which comes first, on shared offsets, or on pairs that agree', () => {
    const [first, second] = [draws(1, 10, 5), draws(2, 10, 5)]
    const { pValue, difference } = permutationTest(first, second)
    expect(permutationTest(second, first)).toEqual({ pValue, difference: -difference, exact: true })
    const shifted = permutationTest(
      first.map((value, i) => value + i / 10),
      second.map((value, i) => value + i / 10),
    )
    expect(shifted.pValue).toBe(pValue)
    expect(permutationTest([...first, 7, 7], [...second, 7, 7]).pValue).toBe(pValue)
    expect(permutationTest(first, first)).toEqual({ pValue: 1, difference: 0, exact: true })
  })

  it('takes random exchanges where more than 20 pairs differ, the same ones for the same seed', () => {
    const [first, second] = [draws(4, 70, 3), draws(5, 70, 3)]
    const { pValue, exact } = permutationTest(first, second)
    expect(exact).toBe(false)
    expect(permutationTest(first, second).pValue).toBe(pValue)
    expect(permutationTest(first, second, { seed: 1 }).pValue).not.toBe(pValue)
    expect(permutationTest(first, second, { seed: 1 }).pValue).toBeCloseTo(pValue, 2)
  })

  it.each([
    [[1], [1, 2], {}, 'as many numbers as in first, at least one, got 2 for 1'],
    [[], [], {}, 'at least one'],
    [[Number.NaN], [1], {}, 'finite numbers'],
    [[1e9], [1], {}, 'less than 9e6'],
    [draws(1, 21, 3), new Array(21).fill(9), { exchanges: 'all' }, "got 'all' for 21"],
    [[1], [0], { exchanges: 0 }, 'permutationTest: exchanges'],
  ] as const)('rejects %j and %j with %j', (first, second, options, message) => {
    expect(() => permutationTest(first, second, options)).toThrow(message)
  })
})
