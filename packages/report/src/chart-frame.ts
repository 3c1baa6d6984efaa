/** What the figures of a study share: paper, title, legend, y axis, and the names of the axes. */
import type { AxisTicks } from './axis-ticks.ts'
import { chartStyle, colourStyle } from './chart-style.ts'
import { type Markup, markup, rawMarkup } from './markup.ts'
import { textWidth } from './text-width.ts'

export interface LegendItem {
  readonly name: string
  /** Drawn around the point 0, 0, at most 12 wide and high. */
  readonly symbol: Markup
}

export interface ChartFrameOptions {
  readonly title: string
  readonly xLabel: string
  readonly yLabel: string
  readonly yTicks: AxisTicks
  readonly legend: readonly LegendItem[]
  /** Marks and the ticks of the x axis, in the frame's units. */
  readonly content: (area: ChartArea) => Markup
}

/** Where a chart draws, in about CSS pixels; y counts downwards. */
export interface ChartArea {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  /** The place of a value on the y axis. */
  readonly yOf: (value: number) => number
}

const SIZE = { width: 720, plot: 300 } as const
const MARGIN = { left: 70, right: 28, title: 34, bottom: 62 } as const
const LEGEND = { height: 22, symbol: 18, gap: 22 } as const

const figureStyle = `
.figure text { font-size: 12px; }
.figure .figure-title { font-size: 15px; font-weight: 600; }
.figure .figure-tick { fill: var(--muted); }
.figure .figure-stroke { stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }`

/**
 * Draws a standalone SVG, light or dark as the reader's system is. A legend with a single entry is left out.
 *
 * @returns Its source, for a file or a page.
 */
export function chartFrame({ title, xLabel, yLabel, yTicks, legend, content }: ChartFrameOptions): string {
  const { left } = MARGIN
  const right = SIZE.width - MARGIN.right
  const rows = legend.length > 1 ? legendRows(legend, right - left) : []
  const top = MARGIN.title + rows.length * LEGEND.height + 18
  const bottom = top + SIZE.plot
  const height = bottom + MARGIN.bottom
  const [low, high] = [yTicks.values[0]!, yTicks.values.at(-1)!]
  const yOf = (value: number): number => bottom - ((value - low) / (high - low)) * SIZE.plot
  const middle = (top + bottom) / 2

  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="plot figure" viewBox="0 0 ${SIZE.width} ${height}" width="${SIZE.width}" height="${height}" role="img" aria-label="${title}">
<style>${rawMarkup(colourStyle + chartStyle + figureStyle)}</style>
<rect width="100%" height="100%" rx="8" style="fill: var(--paper)"/>
<text class="figure-title" x="${left}" y="${MARGIN.title - 6}">${title}</text>
${rows.map((row, i) => drawLegend(row, left, MARGIN.title + (i + 0.7) * LEGEND.height))}
${yTicks.values.map((value, i) => yTick(yTicks.labels[i]!, yOf(value), left, right, i === 0))}
<text class="figure-tick" x="${(left + right) / 2}" y="${bottom + 44}" text-anchor="middle">${xLabel}</text>
<text class="figure-tick" transform="translate(22 ${middle}) rotate(-90)" text-anchor="middle">${yLabel}</text>
${content({ left, right, top, bottom, yOf })}
</svg>
`.source
}

function yTick(label: string, y: number, left: number, right: number, first: boolean): Markup {
  return markup`<path class="${first ? 'plot-axis' : 'plot-grid'}" d="M${left} ${round(y)}H${right}"/><text class="figure-tick" x="${left - 9}" y="${round(y + 4)}" text-anchor="end">${label}</text>
`
}

/** As many entries in a row as have room. */
function legendRows(legend: readonly LegendItem[], room: number): LegendItem[][] {
  const rows: LegendItem[][] = [[]]
  let used = 0
  for (const item of legend) {
    if (used > 0 && used + entryWidth(item) - LEGEND.gap > room) {
      rows.push([])
      used = 0
    }
    rows.at(-1)!.push(item)
    used += entryWidth(item)
  }
  return rows
}

function drawLegend(row: readonly LegendItem[], left: number, y: number): Markup {
  let x = left
  const entries = row.map((item) => {
    const entry = markup`<g transform="translate(${round(x + 6)} ${round(y)})">${item.symbol}<text x="${LEGEND.symbol - 6}" y="4">${item.name}</text></g>
`
    x += entryWidth(item)
    return entry
  })
  return markup`${entries}`
}

function entryWidth({ name }: LegendItem): number {
  return LEGEND.symbol + textWidth(name, 12) + LEGEND.gap
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
