/** A matrix of values in shades of one colour, e.g. the compositions of transformations (figure 5 of the paper). */
import { SimclrError } from '@simclr/core'
import { axisTicks } from './axis-ticks.ts'
import { chartStyle, colourStyle } from './chart-style.ts'
import { type Markup, markup, rawMarkup } from './markup.ts'
import { textWidth } from './text-width.ts'

/** Options of {@link heatMap}. */
export interface HeatMapOptions {
  readonly title: string
  /** What the rows are, e.g. `first transformation`. */
  readonly rowTitle: string
  /** What the columns are, e.g. `second transformation`. */
  readonly columnTitle: string
  /** What the cells measure, e.g. `top-1 (%)`; written beside the scale. */
  readonly valueTitle: string
  /** Names of the rows, from the top. */
  readonly rows: readonly string[]
  /** Names of the columns, from the left. */
  readonly columns: readonly string[]
  /** One list per row, with one value per column. A value that is not finite leaves its cell blank. */
  readonly values: readonly (readonly number[])[]
  /** How many of the last columns stand apart, e.g. 1 for the average of each row. Default 0. */
  readonly apart?: number
}

const CELL = { width: 64, height: 40, gap: 10 } as const
const MARGIN = { title: 58, label: 34, right: 24, bottom: 24, top: 46 } as const
const SCALE = { width: 14, gap: 28, labels: 40 } as const
const FONT = 12
/** The palest and the strongest shade, as opacities of the accent colour. */
const SHADES = { low: 0.06, high: 1 } as const
/** Text on stronger shades than this has the colour of the paper. */
const DARK = 0.65

const heatStyle = `
.heat text { font-size: ${FONT}px; }
.heat .heat-title { font-size: 15px; font-weight: 600; }
.heat .heat-tick { fill: var(--muted); }
.heat .heat-dark { fill: var(--paper); }`

/** The values that the palest and the strongest shade stand for. */
interface Range {
  readonly low: number
  readonly high: number
}

/** The upper left corner of the cells, and their size. */
interface Grid {
  readonly left: number
  readonly top: number
  readonly bottom: number
  readonly xOf: (column: number) => number
  readonly yOf: (row: number) => number
}

/**
 * Draws each value as a number on its shade, with a scale of the shades at the right.
 *
 * @returns Source of a standalone SVG, light or dark as the reader's system is.
 * @throws SimclrError without rows or columns, or unless there is one list per row with one value per column.
 * @example
 * await writeFile('figure.svg', heatMap({
 *   title: 'Composition', rowTitle: 'first', columnTitle: 'second', valueTitle: 'top-1 (%)',
 *   rows: ['crop', 'color'], columns: ['crop', 'color'], values: [[40, 60], [58, 20]],
 * }))
 */
export function heatMap(options: HeatMapOptions): string {
  const { title, rowTitle, columnTitle, valueTitle, rows, columns, values, apart = 0 } = options
  checkMatrix(rows, columns, values)
  const left = MARGIN.label + 18 + Math.ceil(Math.max(...rows.map((name) => textWidth(name, FONT))))
  const top = MARGIN.title + MARGIN.top
  const grid: Grid = {
    left,
    top,
    bottom: top + rows.length * CELL.height,
    xOf: (column) => left + column * CELL.width + (column >= columns.length - apart ? CELL.gap : 0),
    yOf: (row) => top + row * CELL.height,
  }
  const right = grid.xOf(columns.length - 1) + CELL.width
  const height = grid.bottom + MARGIN.bottom
  const scaleWidth = Math.ceil(Math.max(SCALE.width + SCALE.labels, textWidth(valueTitle, FONT)))
  const width = Math.max(
    right + SCALE.gap + scaleWidth + MARGIN.right,
    Math.ceil(2 * MARGIN.right + textWidth(title, 15)),
  )
  const range = valueRange(values.flat().filter(Number.isFinite))

  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="plot heat" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">
<style>${rawMarkup(colourStyle + chartStyle + heatStyle)}</style>
<rect width="100%" height="100%" rx="8" style="fill: var(--paper)"/>
<text class="heat-title" x="${MARGIN.right}" y="28">${title}</text>
<text class="heat-tick" x="${(left + right) / 2}" y="${MARGIN.title + 12}" text-anchor="middle">${columnTitle}</text>
<text class="heat-tick" transform="translate(${MARGIN.right} ${(top + grid.bottom) / 2}) rotate(-90)" text-anchor="middle">${rowTitle}</text>
${columns.map((name, i) => markup`<text class="heat-column" x="${grid.xOf(i) + CELL.width / 2}" y="${top - 10}" text-anchor="middle">${name}</text>`)}
${rows.map((name, i) => markup`<text class="heat-row" x="${left - 10}" y="${grid.yOf(i) + CELL.height / 2 + 4}" text-anchor="end">${name}</text>`)}
${values.map((row, i) => row.map((value, j) => drawCell(grid, range, { row: i, column: j, value, name: `${rows[i]}, ${columns[j]}` })))}
${drawScale(right + SCALE.gap, grid, range, valueTitle)}
</svg>
`.source
}

interface Cell {
  readonly row: number
  readonly column: number
  readonly value: number
  readonly name: string
}

function drawCell({ xOf, yOf }: Grid, range: Range, { row, column, value, name }: Cell): Markup | undefined {
  if (!Number.isFinite(value)) return undefined
  const shade = shadeOf(value, range)
  const [x, y] = [xOf(column), yOf(row)]
  const label = value.toFixed(1)
  return markup`<rect class="heat-cell" x="${x + 1}" y="${y + 1}" width="${CELL.width - 2}" height="${CELL.height - 2}" rx="2" ${fill(shade)}><title>${name}: ${label}</title></rect><text class="heat-value${shade > DARK ? ' heat-dark' : ''}" x="${x + CELL.width / 2}" y="${y + CELL.height / 2 + 4}" text-anchor="middle">${label}</text>
`
}

/** The shades from the lowest value at the bottom to the highest at the top. */
function drawScale(x: number, { top, bottom }: Grid, range: Range, title: string): Markup {
  const { low, high } = range
  const { values, labels } = axisTicks(low, high)
  const ticks = values.map((value, i) => {
    const y = bottom - ((value - low) / (high - low)) * (bottom - top)
    const inside = value >= low && value <= high
    return (
      inside &&
      markup`<text class="heat-tick heat-scale" x="${x + SCALE.width + 6}" y="${round(y + 4)}">${labels[i]}</text>
`
    )
  })
  return markup`<linearGradient id="heat-shades" x1="0" y1="1" x2="0" y2="0"><stop ${stop(SHADES.low)}/><stop offset="1" ${stop(SHADES.high)}/></linearGradient>
<rect x="${x}" y="${top}" width="${SCALE.width}" height="${bottom - top}" style="fill: url(#heat-shades)"/>
<text class="heat-tick" x="${x}" y="${top - 10}">${title}</text>
${ticks}`
}

function stop(shade: number): Markup {
  return markup`style="stop-color: var(--accent); stop-opacity: ${shade}"`
}

/** From 0 to 1 where there is no value, and never empty. */
function valueRange(values: readonly number[]): Range {
  if (values.length === 0) return { low: 0, high: 1 }
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return low < high ? { low, high } : { low: low - 0.5, high: high + 0.5 }
}

function shadeOf(value: number, { low, high }: Range): number {
  return SHADES.low + ((value - low) / (high - low)) * (SHADES.high - SHADES.low)
}

function fill(shade: number): Markup {
  return markup`style="fill: var(--accent); fill-opacity: ${shade.toFixed(2)}"`
}

function checkMatrix(
  rows: readonly string[],
  columns: readonly string[],
  values: readonly (readonly number[])[],
): void {
  if (rows.length === 0 || columns.length === 0) {
    const received = `${rows.length} rows and ${columns.length} columns`
    throw new SimclrError({ parameter: 'heatMap', expected: 'given rows and columns', received })
  }
  if (values.length !== rows.length) {
    const expected = `${rows.length} lists, one per row`
    throw new SimclrError({ parameter: 'heatMap: values', expected, received: String(values.length) })
  }
  for (const [i, { length }] of values.entries()) {
    if (length === columns.length) continue
    const expected = `${columns.length} values, one per column`
    throw new SimclrError({ parameter: `heatMap: row "${rows[i]}"`, expected, received: String(length) })
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
