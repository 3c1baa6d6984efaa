import { describe, expect, it } from 'vitest'
import { type HeatMapOptions, heatMap } from './heat-map.ts'

const options: HeatMapOptions = {
  title: 'Composition <study>',
  rowTitle: 'first transformation',
  columnTitle: 'second transformation',
  valueTitle: 'top-1 (%)',
  rows: ['crop', 'blur & noise'],
  columns: ['crop', 'color', 'average'],
  values: [
    [20, 60, 40],
    [30, Number.NaN, 30],
  ],
  apart: 1,
}

interface Cell {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly shade: number
  readonly title: string
  readonly dark: boolean
  readonly text: string
}

function cellsOf(svg: string): Cell[] {
  const cells = svg.matchAll(
    /class="heat-cell" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"[^>]*fill-opacity: ([\d.]+)"><title>([^<]*)<\/title><\/rect><text class="heat-value( heat-dark)?"[^>]*>([^<]*)/g,
  )
  return [...cells].map(([, x, y, width, shade, title, dark, text]) => ({
    ...{ x: Number(x), y: Number(y), width: Number(width), shade: Number(shade) },
    ...{ title: title!, dark: dark !== undefined, text: text! },
  }))
}

describe('heatMap', () => {
  const svg = heatMap(options)
  const cells = cellsOf(svg)

  it('writes every value into its row and column, and leaves what is not finite blank', () => {
    expect(cells.map(({ title, text }) => [title, text])).toEqual([
      ['crop, crop: 20.0', '20.0'],
      ['crop, color: 60.0', '60.0'],
      ['crop, average: 40.0', '40.0'],
      ['blur &amp; noise, crop: 30.0', '30.0'],
      ['blur &amp; noise, average: 30.0', '30.0'],
    ])
    const [first, second, apart, below] = cells as [Cell, Cell, Cell, Cell]
    expect(second.y).toBe(first.y)
    expect(below).toMatchObject({ x: first.x })
    expect(below.y).toBeGreaterThan(first.y)
    expect(apart.x - second.x).toBeGreaterThan(second.x - first.x)
    expect(svg).not.toContain('NaN')
  })

  it('shades in proportion to the value, and turns the text on strong shades', () => {
    const [lowest, highest, middle, quarter] = cells as [Cell, Cell, Cell, Cell]
    expect(highest.shade).toBe(1)
    expect(middle.shade).toBeCloseTo((lowest.shade + highest.shade) / 2, 2)
    expect(quarter.shade - lowest.shade).toBeCloseTo((highest.shade - lowest.shade) / 4, 1)
    expect([lowest.dark, middle.dark, highest.dark]).toEqual([false, false, true])
  })

  it('has titles, names and a scale from the lowest value at the bottom to the highest', () => {
    for (const text of [
      'Composition &lt;study&gt;',
      'first transformation',
      'second transformation',
      'top-1 (%)',
      'blur &amp; noise',
      'average',
    ]) {
      expect(svg).toContain(`>${text}</text>`)
    }
    const ticks = [...svg.matchAll(/heat-scale" x="[\d.]+" y="([\d.]+)">([^<]*)/g)]
    expect(ticks.map(([, , label]) => label)).toEqual(['20', '30', '40', '50', '60'])
    const heights = ticks.map(([, y]) => Number(y))
    expect(heights).toEqual([...heights].sort((a, b) => b - a))
  })

  it('draws a matrix of one value, and one without any', () => {
    const one = { ...options, rows: ['a'], columns: ['b'], apart: 0 }
    expect(cellsOf(heatMap({ ...one, values: [[7]] })).map(({ text }) => text)).toEqual(['7.0'])
    const empty = heatMap({ ...one, values: [[Number.NaN]] })
    expect(cellsOf(empty)).toEqual([])
    expect(empty).not.toContain('NaN')
  })

  it('refuses what it cannot draw', () => {
    expect(() => heatMap({ ...options, rows: [] })).toThrow(
      'heatMap: must be given rows and columns, got 0 rows',
    )
    expect(() => heatMap({ ...options, values: [[1, 2, 3]] })).toThrow(
      'heatMap: values: must be 2 lists, one per row, got 1',
    )
    expect(() => heatMap({ ...options, values: [[1, 2, 3], [1]] })).toThrow(
      'heatMap: row "blur & noise": must be 3 values, one per column, got 1',
    )
  })
})
