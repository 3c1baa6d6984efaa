import { describe, expect, it } from 'vitest'
import { logTicks } from './log-ticks.ts'

describe('logTicks', () => {
  it.each([
    [10, 500, ['10', '20', '50', '100', '200', '500']],
    [0.15, 3, ['0.2', '0.5', '1', '2']],
    [1, 1e5, ['1', '10', '100', '1,000', '10,000', '100,000']],
    [0.0005, 0.003, ['5.0e-4', '0.001', '0.002']],
    [11, 12, ['11', '12']],
    [7, 7, ['7']],
  ])('from %d to %d', (low, high, labels) => {
    expect(logTicks(low, high).labels).toEqual(labels)
  })

  it('stays within the range, and labels each value as what it is', () => {
    for (let i = 0; i < 100; i++) {
      const low = 10 ** ((i % 11) - 4) * (1 + i / 37)
      const { values, labels } = logTicks(low, low * 10 ** (0.1 + (i % 7)))
      expect(Math.min(...values)).toBeGreaterThanOrEqual(low)
      expect(Math.max(...values)).toBeLessThanOrEqual(low * 10 ** (0.1 + (i % 7)))
      for (const [place, label] of labels.entries()) {
        expect(Number(label.replaceAll(',', '')) / values[place]!).toBeCloseTo(1, 1)
      }
    }
  })

  it.each([
    [0, 1],
    [2, 1],
    [Number.NaN, 1],
    [1, Infinity],
  ])('refuses %d to %d', (low, high) => {
    expect(() => logTicks(low, high)).toThrow('logTicks: must be 0 < low ≤ high < ∞')
  })
})
