import { describe, expect, it } from 'vitest'
import { axisTicks } from './axis-ticks.ts'

describe('axisTicks', () => {
  it.each([
    [0, 1, ['0', '0.2', '0.4', '0.6', '0.8', '1.0']],
    [2.3, 6.1, ['2', '3', '4', '5', '6', '7']],
    [0, 1480, ['0', '500', '1,000', '1,500']],
    [-0.4, 0.4, ['-0.4', '-0.2', '0', '0.2', '0.4']],
    [0, 3e-6, ['0', '1e-6', '2e-6', '3e-6']],
  ])('from %d to %d', (low, high, labels) => {
    expect(axisTicks(low, high).labels).toEqual(labels)
  })

  it('labels shares as percentages', () => {
    expect(axisTicks(0.31, 0.78, 4, true).labels).toEqual(['30%', '40%', '50%', '60%', '70%', '80%'])
    expect(axisTicks(0.991, 0.999, 4, true).labels[1]).toBe('99.2%')
  })

  it('covers any range with evenly spaced steps of 1, 2 or 5', () => {
    for (let i = 0; i < 200; i++) {
      const low = (i - 100) * 1.37
      const high = low + 10 ** ((i % 13) - 6)
      const { values } = axisTicks(low, high)
      const step = values[1]! - values[0]!
      const slack = step * 1e-6
      expect(values[0]! - slack).toBeLessThanOrEqual(low)
      expect(values.at(-1)! + slack).toBeGreaterThanOrEqual(high)
      expect(['1', '2', '5']).toContain(
        step.toPrecision(1)[step < 1 ? step.toPrecision(1).search(/[125]/) : 0],
      )
      expect(values.length).toBeLessThanOrEqual(8)
    }
  })

  it.each([
    [0, 0],
    [5, 5],
    [-5, -5],
    [Number.NaN, 1],
    [0, Infinity],
  ])('gives a usable axis for %d to %d', (low, high) => {
    const { values } = axisTicks(low, high)
    expect(values.length).toBeGreaterThan(1)
    expect(values.every(Number.isFinite)).toBe(true)
    expect(values.at(-1)!).toBeGreaterThan(values[0]!)
  })
})
