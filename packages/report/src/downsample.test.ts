import { describe, expect, it } from 'vitest'
import { downsample } from './downsample.ts'

const curve = Array.from({ length: 50_000 }, (_, x) => ({ x, y: Math.sin(x / 900) }))

describe('downsample', () => {
  it('keeps short curves as they are', () => {
    expect(downsample(curve.slice(0, 600), 600)).toEqual(curve.slice(0, 600))
  })

  it('keeps the ends, the order and the number asked for', () => {
    const kept = downsample(curve, 600)
    expect(kept).toHaveLength(600)
    expect([kept[0], kept.at(-1)]).toEqual([curve[0], curve.at(-1)])
    expect(kept.every((point, i) => i === 0 || point.x > kept[i - 1]!.x)).toBe(true)
  })

  it('keeps a single spike that every k-th point would miss', () => {
    const spiked = curve.map((point) => (point.x === 12_345 ? { ...point, y: 40 } : point))
    expect(downsample(spiked, 600)).toContainEqual({ x: 12_345, y: 40 })
  })

  it('keeps long gaps and passes over single missing values', () => {
    const broken = curve.map((point) =>
      point.x === 20_000 || point.x > 40_000 ? { ...point, y: Number.NaN } : point,
    )
    const missing = downsample(broken, 600).filter(({ y }) => Number.isNaN(y))
    expect(missing.length).toBeGreaterThan(100)
    expect(missing.every(({ x }) => x > 40_000)).toBe(true)
  })
})
