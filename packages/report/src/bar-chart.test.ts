import { describe, expect, it } from 'vitest'
import { type BarChartOptions, barChart } from './bar-chart.ts'

const options: BarChartOptions = {
  title: 'Linear <evaluation>',
  xLabel: 'batch size',
  yLabel: 'top-1 (%)',
  groups: ['256', '512', '1024'],
  series: [
    { name: '100 epochs', values: [10, 20, 40] },
    { name: '200 epochs', values: [30, Number.NaN, 60] },
  ],
}

interface Bar {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly title: string
}

function barsOf(svg: string): Bar[] {
  const bars = svg.matchAll(
    /class="figure-bar" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"[^>]*><title>([^<]*)/g,
  )
  return [...bars].map(([, x, y, width, height, title]) => ({
    x: Number(x),
    y: Number(y),
    width: Number(width),
    height: Number(height),
    title: title!,
  }))
}

describe('barChart', () => {
  const bars = barsOf(barChart(options))

  it('makes heights proportional to values, from one base line', () => {
    expect(bars.map(({ title }) => title)).toEqual([
      '100 epochs: 10.0',
      '200 epochs: 30.0',
      '100 epochs: 20.0',
      '100 epochs: 40.0',
      '200 epochs: 60.0',
    ])
    const perUnit = bars[0]!.height / 10
    for (const { height, y, title } of bars) {
      expect(height / Number(title.split(': ')[1])).toBeCloseTo(perUnit, 1)
      expect(y + height).toBeCloseTo(bars[0]!.y + bars[0]!.height, 0)
    }
  })

  it('leaves space between bars and more between groups, and closes up where a value is missing', () => {
    const gaps = bars.slice(1).map((bar, i) => bar.x - (bars[i]!.x + bars[i]!.width))
    expect(gaps.every((gap) => gap > 0)).toBe(true)
    expect(Math.min(gaps[1]!, gaps[2]!)).toBeGreaterThan(4 * gaps[0]!)
    const centreOf = (first: Bar, last: Bar): number => (first.x + last.x + last.width) / 2
    const centres = [centreOf(bars[0]!, bars[1]!), centreOf(bars[2]!, bars[2]!), centreOf(bars[3]!, bars[4]!)]
    expect(centres[1]! - centres[0]!).toBeCloseTo(centres[2]! - centres[1]!, 0)
  })

  it('writes values only where they have room', () => {
    const valuesIn = (count: number): number => {
      const groups = Array.from({ length: count }, (_, i) => `${i}`)
      const svg = barChart({ ...options, groups, series: [{ name: 'one', values: groups.map(() => 50) }] })
      return svg.match(/class="figure-value"/g)?.length ?? 0
    }
    expect(valuesIn(8)).toBe(8)
    expect(valuesIn(60)).toBe(0)
  })

  it('escapes text and names each series in the legend, a single one not', () => {
    const svg = barChart(options)
    expect(svg).toContain('Linear &lt;evaluation&gt;</text>')
    expect(svg).toMatch(/>100 epochs<\/text>[\s\S]*>200 epochs<\/text>/)
    expect(barChart({ ...options, series: options.series.slice(0, 1) })).not.toContain('>100 epochs</text>')
  })

  it('shades an ordered series from faint to full', () => {
    const series = [1, 2, 3].map((epochs) => ({ name: `${epochs}`, values: [1, 2, 3] }))
    const shades = [...barChart({ ...options, series, ordered: true }).matchAll(/fill-opacity: ([\d.]+)/g)]
    expect(shades.slice(0, 3).map(([, opacity]) => opacity)).toEqual(['0.25', '0.63', '1.00'])
  })

  it('refuses what it cannot draw', () => {
    expect(() => barChart({ ...options, groups: [] })).toThrow('barChart: groups: must be at least one')
    expect(() => barChart({ ...options, series: [{ name: 'a', values: [1] }] })).toThrow(
      'series "a": must be 3 values, one per group, got 1',
    )
    expect(() => barChart({ ...options, series: [{ name: 'a', values: [1, -2, 3] }] })).toThrow('got -2')
  })

  it('draws an empty frame when every value is missing', () => {
    const svg = barChart({
      ...options,
      series: [{ name: 'a', values: [Number.NaN, Number.NaN, Number.NaN] }],
    })
    expect(barsOf(svg)).toEqual([])
    expect(svg).not.toContain('NaN')
  })
})
