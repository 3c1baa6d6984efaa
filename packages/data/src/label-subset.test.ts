import { describe, expect, it } from 'vitest'
import { labelSubset } from './label-subset.ts'

/** 300 of class 0, 200 of class 1, 7 of class 2, mixed. */
const labels = Int32Array.from({ length: 507 }, (_, i) => (i % 72 === 71 ? 2 : i % 5 < 3 ? 0 : 1))
const available = counts(Array.from(labels, (_, position) => position))

function counts(positions: Iterable<number>): number[] {
  const result = [0, 0, 0]
  for (const position of positions) result[labels[position]!]!++
  return result
}

describe('labelSubset', () => {
  it('takes the same share of every class, at least one', () => {
    const chosen = labelSubset(labels, { fraction: 0.1 })
    expect(counts(chosen)).toEqual(available.map((count) => Math.max(1, Math.round(count / 10))))
    expect(counts(labelSubset(labels, { fraction: 0.001 }))).toEqual([1, 1, 1])
    expect(counts(labelSubset(labels, { fraction: 1 }))).toEqual(available)
  })

  it('takes the same number of every class', () => {
    expect(counts(labelSubset(labels, { perClass: 5 }))).toEqual([5, 5, 5])
  })

  it('gives ascending positions without repeats', () => {
    const chosen = [...labelSubset(labels, { fraction: 0.5 })]
    expect(chosen).toEqual([...new Set(chosen)].sort((a, b) => a - b))
  })

  it('depends on the seed, and grows by adding', () => {
    const small = labelSubset(labels, { perClass: 3, seed: 1 })
    const large = new Set(labelSubset(labels, { perClass: 6, seed: 1 }))
    expect(labelSubset(labels, { perClass: 3, seed: 1 })).toEqual(small)
    expect(labelSubset(labels, { perClass: 3, seed: 2 })).not.toEqual(small)
    expect([...small].every((position) => large.has(position))).toBe(true)
  })

  it('refuses what the classes cannot give', () => {
    expect(() => labelSubset(labels, { perClass: 8 })).toThrow(
      'at most the number of images of every class, 7 of class 2',
    )
    expect(() => labelSubset(labels, { fraction: 0 })).toThrow('labelSubset: fraction')
    expect(() => labelSubset(labels, { fraction: 1.5 })).toThrow('labelSubset: fraction')
    expect(() => labelSubset(labels, { perClass: 0.5 })).toThrow('labelSubset: perClass')
  })
})
