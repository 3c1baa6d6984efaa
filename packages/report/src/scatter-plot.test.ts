import { describe, expect, it } from 'vitest'
import { type ScatterPlotOptions, scatterPlot } from './scatter-plot.ts'

const options: ScatterPlotOptions = {
  title: 'Linear evaluation',
  xLabel: 'parameters (millions)',
  yLabel: 'top-1 (%)',
  series: [
    {
      name: 'SimCLR',
      points: [
        { x: 24, y: 69.3, label: 'R50' },
        { x: 94, y: 74.2, label: 'R50 (2×)' },
        { x: 375, y: 76.5, label: 'R50 (4×)' },
      ],
    },
    { name: 'supervised', points: [{ x: 24, y: 76 }] },
  ],
}

function placesOf(svg: string): [number, number][] {
  const places = svg.matchAll(/class="figure-mark" transform="translate\(([\d.]+) ([\d.]+)\)/g)
  return [...places].map(([, x, y]) => [Number(x), Number(y)])
}

describe('scatterPlot', () => {
  it('places points in proportion to their values', () => {
    const [a, b, c, d] = placesOf(scatterPlot(options))
    expect((b![0] - a![0]) / (c![0] - a![0])).toBeCloseTo((94 - 24) / (375 - 24), 2)
    expect((b![1] - a![1]) / (c![1] - a![1])).toBeCloseTo((74.2 - 69.3) / (76.5 - 69.3), 2)
    expect(c![1]).toBeLessThan(a![1])
    expect(d![0]).toBe(a![0])
  })

  it('makes equal ratios equally wide with logX', () => {
    const points = [1, 4, 16].map((x) => ({ x, y: x }))
    const [a, b, c] = placesOf(scatterPlot({ ...options, logX: true, series: [{ name: 'a', points }] }))
    expect(b![0] - a![0]).toBeCloseTo(c![0] - b![0], 0)
  })

  it('has ticks inside of the axes only', () => {
    for (const logX of [false, true]) {
      const svg = scatterPlot({ ...options, logX })
      const ticks = [...svg.matchAll(/class="plot-axis" d="M([\d.]+) [\d.]+v5"/g)].map(([, x]) => Number(x))
      expect(ticks.length).toBeGreaterThan(2)
      expect(Math.min(...ticks)).toBeGreaterThanOrEqual(70)
      expect(Math.max(...ticks)).toBeLessThanOrEqual(692)
    }
  })

  it('marks series differently, writes labels, and escapes them', () => {
    const svg = scatterPlot({
      ...options,
      series: [...options.series, { name: 'c', points: [{ x: 50, y: 70, label: '<b>' }] }],
    })
    expect(svg.match(/<circle r="5"/g)).toHaveLength(4) // three points and the legend
    expect(svg.match(/M-4-4L4 4/g)).toHaveLength(2)
    expect(svg).toContain('>R50 (2×)</text>')
    expect(svg).toContain('>&lt;b&gt;</text>')
  })

  it('leaves out points that are not finite, and draws an axis for none or one', () => {
    const one = { name: 'a', points: [{ x: 5, y: 5 }] }
    const none = { name: 'a', points: [{ x: Number.NaN, y: 5 }] }
    for (const logX of [false, true]) {
      for (const series of [one, none]) {
        const svg = scatterPlot({ ...options, logX, series: [series] })
        expect(svg).not.toContain('NaN')
        expect(placesOf(svg)).toHaveLength(series === one ? 1 : 0)
      }
    }
  })

  it('refuses zero on a logarithmic axis', () => {
    const series = [{ name: 'a', points: [{ x: 0, y: 1 }] }]
    expect(() => scatterPlot({ ...options, logX: true, series })).toThrow(
      'scatterPlot: x: must be above 0 on a logarithmic axis, got 0',
    )
  })
})
