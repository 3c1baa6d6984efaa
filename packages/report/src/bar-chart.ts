/** Bars in groups, e.g. accuracies by batch size and epochs (figures 8 and 9 of the paper). */
import { SimclrError } from '@simclr/core'
import { axisTicks } from './axis-ticks.ts'
import { type ChartArea, chartFrame } from './chart-frame.ts'
import { classColours } from './class-colours.ts'
import { type Markup, markup } from './markup.ts'
import { textWidth } from './text-width.ts'

/** Bars of one colour. */
export interface BarSeries {
  readonly name: string
  /** One value per group, 0 or more. A value that is not finite leaves its place empty. */
  readonly values: readonly number[]
}

/** Options of {@link barChart}. */
export interface BarChartOptions {
  readonly title: string
  /** What the groups are, e.g. `batch size`. */
  readonly xLabel: string
  /** What the bars measure, e.g. `top-1 (%)`. */
  readonly yLabel: string
  /** Names of the groups, from left to right. */
  readonly groups: readonly string[]
  readonly series: readonly BarSeries[]
  /** The series are steps of one scale, e.g. numbers of epochs: shades of one colour, default false. */
  readonly ordered?: boolean
}

const GROUP_SHARE = 0.84
const WIDEST_BAR = 56
/** Font sizes of the values above bars; the largest that fits is taken. */
const VALUE_SIZES = [11, 9] as const

/** How a series is painted. */
interface Paint {
  readonly colour: string
  readonly opacity: number
}

/**
 * Draws bars from zero, side by side within each group, with their values above them where there is room.
 *
 * @returns Source of a standalone SVG, light or dark as the reader's system is.
 * @throws SimclrError without groups, if a series has not one value per group, or for a negative value.
 * @example
 * await writeFile('figure.svg', barChart({
 *   title: 'Linear evaluation', xLabel: 'batch size', yLabel: 'top-1 (%)', groups: ['256', '4096'],
 *   series: [{ name: '100 epochs', values: [57.5, 64.6] }, { name: '800 epochs', values: [66.6, 68.9] }],
 * }))
 */
export function barChart(options: BarChartOptions): string {
  const { title, xLabel, yLabel, groups, series, ordered = false } = options
  checkSeries(groups, series)
  const finite = series.flatMap(({ values }) => values.filter(Number.isFinite))
  const paints = seriesPaints(series.length, ordered)
  return chartFrame({
    title,
    xLabel,
    yLabel,
    yTicks: axisTicks(0, finite.length === 0 ? 1 : Math.max(...finite)),
    legend: series.map(({ name }, i) => ({
      name,
      symbol: markup`<rect x="-6" y="-6" width="12" height="12" rx="2" ${fill(paints[i]!)}/>`,
    })),
    content: (area) =>
      markup`${groups.map((name, i) => drawGroup(area, i, { name, groups, series, paints }))}`,
  })
}

interface GroupContent {
  readonly name: string
  readonly groups: readonly string[]
  readonly series: readonly BarSeries[]
  readonly paints: readonly Paint[]
}

/** Only the bars that have a value take room. */
function drawGroup(area: ChartArea, index: number, { name, groups, series, paints }: GroupContent): Markup {
  const room = (area.right - area.left) / groups.length
  const middle = area.left + (index + 0.5) * room
  const width = Math.min(WIDEST_BAR, (room * GROUP_SHARE) / series.length)
  const bars = series
    .map(({ name, values }, i) => ({ name, value: values[index]!, paint: paints[i]! }))
    .filter(({ value }) => Number.isFinite(value))
  const first = middle - (bars.length * width) / 2
  return markup`<g>${bars.map((bar, i) => drawBar(area, first + i * width, width, bar))}<text class="figure-tick" x="${round(middle)}" y="${area.bottom + 20}" text-anchor="middle">${name}</text></g>
`
}

function drawBar(
  { bottom, yOf }: ChartArea,
  x: number,
  width: number,
  { name, value, paint }: { name: string; value: number; paint: Paint },
): Markup {
  const top = yOf(value)
  const place = markup`x="${round(x + 0.75)}" y="${round(top)}" width="${round(width - 1.5)}" height="${round(bottom - top)}"`
  const label = value.toFixed(1)
  const size = VALUE_SIZES.find((size) => textWidth(label, size) <= width)
  return markup`<rect ${place} style="fill: var(--paper)"/><rect class="figure-bar" ${place} ${fill(paint)}><title>${name}: ${label}</title></rect>${size && markup`<text style="font-size: ${size}px" class="figure-value" x="${round(x + width / 2)}" y="${round(top - 5)}" text-anchor="middle">${label}</text>`}
`
}

/** Shades of the accent colour from faint to full, or the colours of classes. */
function seriesPaints(count: number, ordered: boolean): Paint[] {
  if (!ordered) return classColours(count).map((colour) => ({ colour, opacity: 1 }))
  return Array.from({ length: count }, (_, i) => ({
    colour: 'var(--accent)',
    opacity: count === 1 ? 1 : 0.25 + (0.75 * i) / (count - 1),
  }))
}

function fill({ colour, opacity }: Paint): Markup {
  return markup`style="fill: ${colour}; fill-opacity: ${opacity.toFixed(2)}"`
}

function checkSeries(groups: readonly string[], series: readonly BarSeries[]): void {
  if (groups.length === 0) {
    throw new SimclrError({ parameter: 'barChart: groups', expected: 'at least one', received: 'none' })
  }
  for (const { name, values } of series) {
    const parameter = `barChart: series "${name}"`
    if (values.length !== groups.length) {
      const expected = `${groups.length} values, one per group`
      throw new SimclrError({ parameter, expected, received: String(values.length) })
    }
    const negative = values.find((value) => value < 0)
    if (negative !== undefined) {
      throw new SimclrError({ parameter, expected: 'of values of 0 or more', received: String(negative) })
    }
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
