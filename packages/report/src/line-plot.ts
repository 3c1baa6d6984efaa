/** A line chart as SVG: hairline grid, few ticks, the last value in the corner. */
import { type AxisTicks, axisTicks } from './axis-ticks.ts'
import { downsample, type Point } from './downsample.ts'
import { formatNumber } from './format-number.ts'
import { formatPercent } from './format-percent.ts'
import { type Markup, markup } from './markup.ts'
import { movingAverage } from './moving-average.ts'

/** Options of {@link linePlot}. */
export interface LinePlotOptions {
  readonly title: string
  /** Ordered by x. Values that are not finite leave a gap. */
  readonly points: readonly Point[]
  /** What x counts, written at the end of the axis, e.g. `epoch`. */
  readonly xLabel: string
  /** Range of x, default that of the points; plots to be compared share it. */
  readonly xRange?: readonly [number, number]
  /** Values are shares: label them as percentages, default false. */
  readonly percent?: boolean
  /** Let the y axis begin at zero, default false. */
  readonly fromZero?: boolean
  /** Above 100 points, draw a moving average over the faint single values, default false. */
  readonly smooth?: boolean
  /** Mark every point, default false. */
  readonly markers?: boolean
  /** A level to compare with, drawn dashed. */
  readonly reference?: { readonly value: number; readonly label: string }
}

/** Size of a plot in its own units, about CSS pixels. */
export const LINE_PLOT_SIZE = { width: 340, height: 216 } as const

const FRAME = { left: 46, top: 40, width: 291, height: 140 } as const
const MOST_POINTS = 600

/**
 * Draws one curve. Long ones are downsampled to 600 points.
 *
 * @returns An `<svg>` whose colours are the variables of `chartStyle`; without two finite values, a sentence in the
 * place of the curve.
 */
export function linePlot(options: LinePlotOptions): Markup {
  const { title, points, xLabel, percent = false, smooth = false, markers = false, reference } = options
  const format = percent ? formatPercent : formatNumber
  const finite = points.filter(({ y }) => Number.isFinite(y))
  if (finite.length < 2) return emptyPlot(title, finite[0], xLabel, format)

  const smoothed = smooth && points.length > 100
  const curve = downsample(
    smoothed ? movingAverage(points, Math.ceil(points.length / 80)) : points,
    MOST_POINTS,
  )
  const levels = finite.map(({ y }) => y).concat(reference ? [reference.value] : [])
  const [lowest, highest] = extent(levels)
  const y = axisTicks(options.fromZero ? Math.min(0, lowest) : lowest, highest, 4, percent)
  const range = options.xRange ?? extent(points.map((point) => point.x))
  const toPixels = pixelScale(range, [y.values[0]!, y.values.at(-1)!])
  const last = curve.findLast((point) => Number.isFinite(point.y))!
  const [lastX, lastY] = toPixels(last)
  const description = `${title}: ${format(finite[0]!.y)} at ${xLabel} ${formatNumber(finite[0]!.x)}, ${format(last.y)} at ${xLabel} ${formatNumber(last.x)}.`

  return markup`${openPlot(description, plotData(curve, range, [y.values[0]!, y.values.at(-1)!], percent, xLabel))}
<text class="plot-title" x="0" y="14">${title}</text>
<text class="plot-value" x="${FRAME.left + FRAME.width}" y="14" text-anchor="end">${format(last.y)}</text>
${yAxis(y)}${xAxis(range, xLabel)}
${reference && referenceLine(reference, toPixels)}
${smoothed && markup`<path class="plot-raw" d="${pathOf(downsample(points, MOST_POINTS), toPixels)}"/>`}
<path class="plot-line" d="${pathOf(curve, toPixels)}"/>
${markers && markup`<path class="plot-markers" d="${markersOf(curve, toPixels)}"/>`}
<circle class="plot-end" cx="${lastX}" cy="${lastY}" r="3"/>
<g class="plot-cursor" visibility="hidden"><path d="M0 ${FRAME.top}v${FRAME.height}"/><circle r="3.5"/></g>
</svg>`
}

type ToPixels = (point: Point) => readonly [number, number]

function pixelScale(x: readonly [number, number], y: readonly [number, number]): ToPixels {
  const width = x[1] - x[0] || 1
  return (point) => [
    round(FRAME.left + ((point.x - x[0]) / width) * FRAME.width),
    round(FRAME.top + FRAME.height - ((point.y - y[0]) / (y[1] - y[0])) * FRAME.height),
  ]
}

/** What the crosshair needs to find and name the nearest point. */
function plotData(
  points: readonly Point[],
  x: readonly [number, number],
  y: readonly [number, number],
  percent: boolean,
  xLabel: string,
): string {
  const finite = points.filter((point) => Number.isFinite(point.y))
  return JSON.stringify({
    frame: FRAME,
    x,
    y,
    percent,
    xLabel,
    points: finite.map((point) => [Number(point.x.toPrecision(6)), Number(point.y.toPrecision(6))]),
  })
}

function openPlot(description: string, data?: string): Markup {
  const { width, height } = LINE_PLOT_SIZE
  const shown = data === undefined ? 2 * FRAME.top : height
  const attribute = data === undefined ? undefined : markup` data-plot="${data}"`
  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 0 ${width} ${shown}" preserveAspectRatio="xMinYMin" role="img" aria-label="${description}"${attribute}>`
}

function emptyPlot(
  title: string,
  only: Point | undefined,
  xLabel: string,
  format: (value: number) => string,
): Markup {
  const sentence = only
    ? `One value so far: ${format(only.y)} at ${xLabel} ${formatNumber(only.x)}.`
    : 'No values were recorded.'
  return markup`${openPlot(`${title}. ${sentence}`)}
<text class="plot-title" x="0" y="14">${title}</text><text class="plot-tick" x="0" y="${FRAME.top}">${sentence}</text>
</svg>`
}

function yAxis(ticks: AxisTicks): Markup {
  const low = ticks.values[0]!
  const span = ticks.values.at(-1)! - low
  const lines = ticks.values.map((value, i) => {
    const height = round(FRAME.top + FRAME.height * (1 - (value - low) / span))
    const kind = i === 0 ? 'plot-axis' : 'plot-grid'
    return markup`<path class="${kind}" d="M${FRAME.left} ${height}h${FRAME.width}"/><text class="plot-tick" x="${FRAME.left - 8}" y="${height + 3.5}" text-anchor="end">${ticks.labels[i]}</text>`
  })
  return markup`<g>${lines}</g>`
}

/** Ticks inside the range only, so that the curve fills the width. */
function xAxis(range: readonly [number, number], label: string): Markup {
  const ticks = axisTicks(range[0], range[1], 5)
  const bottom = FRAME.top + FRAME.height
  const marks = ticks.values.map((value, i) => {
    const x = round(FRAME.left + ((value - range[0]) / (range[1] - range[0] || 1)) * FRAME.width)
    if (x < FRAME.left || x > FRAME.left + FRAME.width) return undefined
    return markup`<path class="plot-axis" d="M${x} ${bottom}v4"/><text class="plot-tick" x="${x}" y="${bottom + 17}" text-anchor="middle">${ticks.labels[i]}</text>`
  })
  return markup`<g>${marks}<text class="plot-tick" x="${FRAME.left + FRAME.width}" y="${bottom + 33}" text-anchor="end">${label}</text></g>`
}

function referenceLine(reference: { value: number; label: string }, toPixels: ToPixels): Markup {
  const [, y] = toPixels({ x: 0, y: reference.value })
  const right = FRAME.left + FRAME.width
  return markup`<path class="plot-reference" d="M${FRAME.left} ${y}h${FRAME.width}"/><text class="plot-tick" x="${right}" y="${y - 5}" text-anchor="end">${reference.label}</text>`
}

/** Gaps start a new stroke, of no length first: round line ends then show a point between two gaps. */
function pathOf(points: readonly Point[], toPixels: ToPixels): string {
  return points
    .map((point, i) => {
      if (!Number.isFinite(point.y)) return ''
      const [x, y] = toPixels(point)
      return Number.isFinite(points[i - 1]?.y) ? `L${x} ${y}` : `M${x} ${y}h0`
    })
    .join('')
}

/** Strokes of no length with round ends: one path for all dots. */
function markersOf(points: readonly Point[], toPixels: ToPixels): string {
  const finite = points.filter(({ y }) => Number.isFinite(y))
  return finite.map((point) => `M${toPixels(point).join(' ')}h0`).join('')
}

function extent(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  )
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
