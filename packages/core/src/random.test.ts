import { describe, expect, it } from 'vitest'
import { RandomKey, threefry2x32 } from './random.ts'

describe('threefry2x32', () => {
  // Known-answer vectors of Random123 (kat_vectors, threefry 2x32 20 rounds).
  it.each([
    { key: [0, 0], counter: [0, 0], out: [0x6b200159, 0x99ba4efe] },
    { key: [0xffffffff, 0xffffffff], counter: [0xffffffff, 0xffffffff], out: [0x1cb996fc, 0xbb002be7] },
    { key: [0x13198a2e, 0x03707344], counter: [0x243f6a88, 0x85a308d3], out: [0xc4923a9c, 0x483df7a0] },
  ] as const)('reproduces the known answer for counter $counter', ({ key, counter, out }) => {
    expect(threefry2x32(key, counter)).toEqual(out)
  })
})

describe('RandomKey', () => {
  const key = RandomKey.fromSeed(1)

  it('gives the same number for the same key and index, whatever was drawn before', () => {
    const first = key.fold('crop').uniform(3)
    key.fold('crop').uniform(0)
    key.fold('flip').uniform(3)
    expect(RandomKey.fromSeed(1).fold('crop').uniform(3)).toBe(first)
  })

  it('gives different numbers for other seeds, folds and indices', () => {
    const draws = [
      key.uniform(0),
      key.uniform(1),
      key.fold(0).uniform(0),
      key.fold(1).uniform(0),
      key.fold('a').uniform(0),
      key.fold('b').uniform(0),
      key.fold(0).fold(1).uniform(0),
      key.fold(1).fold(0).uniform(0),
      RandomKey.fromSeed(2).uniform(0),
      RandomKey.fromSeed(1 + 2 ** 32).uniform(0),
    ]
    expect(new Set(draws).size).toBe(draws.length)
  })

  it('is uniform: chi-square of 10,000 draws in 20 bins is below its 99.9 % quantile', () => {
    const bins = new Array<number>(20).fill(0)
    for (let i = 0; i < 10_000; i++) bins[Math.floor(key.uniform(i) * 20)]! += 1
    const chiSquare = bins.reduce((sum, count) => sum + (count - 500) ** 2 / 500, 0)
    expect(chiSquare).toBeLessThan(43.8)
  })

  it('has normal draws with mean 0, variance 1 and kurtosis 3', () => {
    const draws = Array.from({ length: 20_000 }, (_, i) => key.fold('normal').normal(i))
    const moment = (power: number): number => draws.reduce((sum, x) => sum + x ** power, 0) / draws.length
    expect(Math.abs(moment(1))).toBeLessThan(0.03)
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.04)
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.25)
  })

  it('shuffles 0..n-1, and every element reaches every place', () => {
    const seen = new Set<string>()
    for (let seed = 0; seed < 200; seed++) {
      const order = RandomKey.fromSeed(seed).permutation(5)
      expect([...order].sort()).toEqual([0, 1, 2, 3, 4])
      order.forEach((element, place) => {
        seen.add(`${element}@${place}`)
      })
    }
    expect(seen.size).toBe(25)
  })
})
