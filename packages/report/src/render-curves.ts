/** The curves of a run as one picture for Markdown. */
import { chartStyle, colourStyle } from './chart-style.ts'
import { LINE_PLOT_SIZE } from './line-plot.ts'
import { markup, rawMarkup } from './markup.ts'
import { type CurveData, trainingCurves } from './training-curves.ts'

const COLUMNS = 2
const MARGIN = 24
const GAP = { x: 36, y: 20 } as const

/**
 * Draws the training curves of a run as a standalone SVG, light or dark as the reader's system is.
 *
 * @example
 * await writeFile('curves.svg', renderCurves(parseMetrics(await readFile('run/metrics.jsonl', 'utf8'))))
 * // in Markdown: ![Training curves](curves.svg)
 */
export function renderCurves(data: CurveData): string {
  const plots = trainingCurves(data)
  const rows = Math.ceil(plots.length / COLUMNS)
  const { width: plotWidth, height: plotHeight } = LINE_PLOT_SIZE
  const width = 2 * MARGIN + COLUMNS * plotWidth + (COLUMNS - 1) * GAP.x
  const height = 2 * MARGIN + Math.max(1, rows) * (plotHeight + GAP.y) - GAP.y
  const placed = plots.map((plot, i) => {
    const x = MARGIN + (i % COLUMNS) * (plotWidth + GAP.x)
    const y = MARGIN + Math.floor(i / COLUMNS) * (plotHeight + GAP.y)
    return markup`<svg x="${x}" y="${y}" width="${plotWidth}" height="${plotHeight}">${plot}</svg>`
  })
  const empty = markup`<g class="plot"><text class="plot-tick" x="${MARGIN}" y="${2 * MARGIN}">No steps were recorded.</text></g>`
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Training curves">
<style>${rawMarkup(colourStyle + chartStyle)}</style>
<rect width="100%" height="100%" rx="8" style="fill: var(--paper)"/>
${placed.length > 0 ? placed : empty}
</svg>
`.source
}
