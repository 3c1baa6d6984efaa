/** Points with names, e.g. accuracies of networks by their sizes (figure 7 and appendix B.7 of the paper). */
import { SimclrError } from '@simclr/core'
import { type AxisTicks, axisTicks } from './axis-ticks.ts'
import { type ChartArea, chartFrame } from './chart-frame.ts'
import { classColours } from './class-colours.ts'
import { logTicks } from './log-ticks.ts'
import { type Markup, markup } from './markup.ts'
import { placeLabels } from './place-labels.ts'
import { textWidth } from './text-width.ts'

export interface ScatterPoint {
  /** Points with a coordinate that is not finite are left out. */
  readonly x: number
  readonly y: number
  /** Written beside the point. */
  readonly label?: string
}

/** Points of one colour and mark. */
export interface ScatterSeries {
  readonly name: string
  readonly points: readonly ScatterPoint[]
}

/** Options of {@link scatterPlot}. */
export interface ScatterPlotOptions {
  readonly title: string
  /** What x measures, e.g. `parameters (millions)`. */
  readonly xLabel: string
  /** What y measures, e.g. `top-1 (%)`. */
  readonly yLabel: string
  readonly series: readonly ScatterSeries[]
  /** Make equal ratios of x equally wide, default false. */
  readonly logX?: boolean
}

const LABEL_SIZE = 12
const LABEL_HEIGHT = 14
/** Empty share of an axis at both ends, at least. */
const MARGIN = { x: 0.06, y: 0.03 } as const

/** Dot, cross, diamond and triangle around 0, 0, so that colour is not the only difference. */
const MARKS: readonly ((colour: string) => Markup)[] = [
  (colour) => markup`<circle r="5" style="fill: ${colour}"/>`,
  (colour) => markup`<path class="figure-stroke" d="M-4-4L4 4M4-4L-4 4" style="stroke: ${colour}"/>`,
  (colour) => markup`<path d="M0-6L6 0L0 6L-6 0Z" style="fill: ${colour}"/>`,
  (colour) => markup`<path d="M0-6L6 5H-6Z" style="fill: ${colour}"/>`,
]

/** A point in the frame's units. */
interface PlacedPoint {
  readonly x: number
  readonly y: number
  readonly label: string | undefined
  readonly mark: Markup
}

/**
 * Draws each series in its own colour and mark, and the names of points where they cover nothing.
 *
 * @returns Source of a standalone SVG, light or dark as the reader's system is.
 * @throws SimclrError with `logX` for an x that is not above 0.
 * @example
 * await writeFile('figure.svg', scatterPlot({
 *   title: 'Linear evaluation', xLabel: 'parameters (millions)', yLabel: 'top-1 (%)', logX: true,
 *   series: [{ name: 'SimCLR', points: [{ x: 24, y: 69.3, label: 'R50 (1×)' }, { x: 94, y: 74.2, label: 'R50 (2×)' }] }],
 * }))
 */
export function scatterPlot(options: ScatterPlotOptions): string {
  const { title, xLabel, yLabel, logX = false } = options
  const series = options.series.map(({ name, points }) => ({
    name,
    points: points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)),
  }))
  const points = series.flatMap(({ points }) => points)
  if (logX) checkPositive(points)
  const colours = classColours(series.length)
  const marks = series.map((_, i) => MARKS[i % MARKS.length]!(colours[i]!))
  const [low, high] = extent(points.map(({ y }) => y))
  const x = xAxis(extent(points.map(({ x }) => x)), logX)
  return chartFrame({
    title,
    xLabel,
    yLabel,
    yTicks: axisTicks(low - MARGIN.y * (high - low), high + MARGIN.y * (high - low)),
    legend: series.map(({ name }, i) => ({ name, symbol: marks[i]! })),
    content: (area) => {
      const xOf = (value: number): number => area.left + x.share(value) * (area.right - area.left)
      const placed = series.flatMap(({ points }, i) =>
        points.map((point) => ({
          x: xOf(point.x),
          y: area.yOf(point.y),
          label: point.label,
          mark: marks[i]!,
        })),
      )
      return markup`${xTicks(x.ticks, xOf, area)}${placed.map(drawMark)}${drawLabels(placed, area)}`
    },
  })
}

/** Ticks inside of the range, and the place of a value on the axis, 0..1. */
function xAxis(
  [low, high]: readonly [number, number],
  log: boolean,
): { ticks: AxisTicks; share: (value: number) => number } {
  const scale = log ? Math.log : (value: number): number => value
  const unscale = log ? Math.exp : (value: number): number => value
  const span = scale(high) - scale(low) || Math.max(1e-9, Math.abs(scale(high)) / 2)
  const [start, end] = [scale(low) - MARGIN.x * span, scale(high) + MARGIN.x * span]
  const share = (value: number): number => (scale(value) - start) / (end - start)
  const ticks = log ? logTicks(unscale(start), unscale(end)) : axisTicks(start, end, 6)
  const inside = ticks.values.map((value) => share(value) >= 0 && share(value) <= 1)
  return {
    share,
    ticks: {
      values: ticks.values.filter((_, i) => inside[i]),
      labels: ticks.labels.filter((_, i) => inside[i]),
    },
  }
}

function xTicks(
  { values, labels }: AxisTicks,
  xOf: (value: number) => number,
  { bottom }: ChartArea,
): Markup {
  const marks = values.map((value, i) => {
    const x = round(xOf(value))
    return markup`<path class="plot-axis" d="M${x} ${bottom}v5"/><text class="figure-tick" x="${x}" y="${bottom + 20}" text-anchor="middle">${labels[i]}</text>
`
  })
  return markup`${marks}`
}

function drawMark({ x, y, mark }: PlacedPoint): Markup {
  return markup`<g class="figure-mark" transform="translate(${round(x)} ${round(y)})">${mark}</g>
`
}

function drawLabels(points: readonly PlacedPoint[], area: ChartArea): Markup {
  const boxes = placeLabels(
    points.map(({ x, y, label = '' }) => ({
      x,
      y,
      width: textWidth(label, LABEL_SIZE),
      height: LABEL_HEIGHT,
    })),
    area,
  )
  const texts = points.map(({ label }, i) => {
    const { left, right, bottom } = boxes[i]!
    return (
      label !== undefined &&
      markup`<text class="figure-label" x="${round((left + right) / 2)}" y="${round(bottom - 3)}" text-anchor="middle">${label}</text>
`
    )
  })
  return markup`${texts}`
}

/** From 1 to 2 without values, which suits both kinds of axes. */
function extent(values: readonly number[]): [number, number] {
  return values.length === 0 ? [1, 2] : [Math.min(...values), Math.max(...values)]
}

function checkPositive(points: readonly ScatterPoint[]): void {
  const wrong = points.find(({ x }) => x <= 0)
  if (wrong === undefined) return
  throw new SimclrError({
    parameter: 'scatterPlot: x',
    expected: 'above 0 on a logarithmic axis',
    received: String(wrong.x),
    remedy: 'Leave logX out.',
  })
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
