/** The embedding map: one dot per image, coloured and named by class. */
import { SimclrError } from '@simclr/core'
import { classColours } from './class-colours.ts'
import { type Markup, markup } from './markup.ts'
import type { EmbeddingMap } from './report-data.ts'

const SIZE = { width: 720, height: 540, margin: 22 } as const
/** With more classes, names in the map hide it; the legend has them all. */
const MOST_NAMES = 12
const NAME_HEIGHT = 17

/** Points of one class in pixels. */
interface Group {
  readonly name: string
  readonly colour: string
  readonly points: readonly (readonly [number, number])[]
}

/**
 * Draws the map with equal scales on both axes, and a legend whose buttons single out a class.
 *
 * @returns Undefined without points. Points that are not finite are left out.
 * @throws SimclrError if x, y and labels differ in length.
 */
export function scatterMap(map: EmbeddingMap): Markup | undefined {
  checkLengths(map)
  const groups = groupByClass(map)
  const count = groups.reduce((sum, { points }) => sum + points.length, 0)
  if (count === 0) return undefined
  const named = groups.length > 1
  const names = named && groups.length <= MOST_NAMES ? placeNames(groups) : []
  const description = `Map of ${count} embeddings${named ? ` in ${groups.length} classes` : ''}.`
  return markup`<div class="map-frame">
<svg xmlns="http://www.w3.org/2000/svg" class="map" viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-label="${description}">
${groups.map(drawGroup)}
${names.map(({ name, x, y, index }) => markup`<text data-class="${index}" x="${x}" y="${y}" text-anchor="middle">${name}</text>`)}
</svg>
${named && markup`<ul class="legend">${groups.map(legendItem)}</ul>`}
</div>`
}

function drawGroup({ name, colour, points }: Group, index: number): Markup {
  const path = points.map(([x, y]) => `M${x} ${y}h0`).join('')
  return markup`<path data-class="${index}" style="stroke: ${colour}" d="${path}"><title>${name}</title></path>
`
}

function legendItem({ name, colour, points }: Group, index: number): Markup {
  return markup`<li><button type="button" data-class="${index}" aria-pressed="false"><span class="dot" style="background: ${colour}"></span>${name} <span class="count">${points.length}</span></button></li>`
}

function checkLengths({ x, y, labels }: EmbeddingMap): void {
  if (x.length === y.length && (labels === undefined || labels.length === x.length)) return
  throw new SimclrError({
    parameter: 'renderReport: map',
    expected: 'x, y and labels of one length',
    received: `${x.length}, ${y.length} and ${labels?.length ?? 'no'} values`,
  })
}

/** Classes in their order, without those that have no point; last those without a label. */
function groupByClass(map: EmbeddingMap): Group[] {
  const { x, y, labels, classes } = map
  const toPixels = fit(map)
  const colours = classColours(classes.length)
  const points: [number, number][][] = Array.from({ length: classes.length + 1 }, () => [])
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) continue
    const label = labels?.[i]
    const known = label !== undefined && classes[label] !== undefined
    points[known ? label : classes.length]!.push(toPixels(x[i]!, y[i]!))
  }
  return points
    .map((members, i) => ({
      name: classes[i] ?? 'without label',
      colour: colours[i] ?? (labels ? 'var(--muted)' : 'var(--accent)'),
      points: members,
    }))
    .filter((group) => group.points.length > 0)
}

/** The largest equal scale at which all points fit, centred. */
function fit({ x, y }: EmbeddingMap): (x: number, y: number) => [number, number] {
  const [left, right] = extent(x)
  const [low, high] = extent(y)
  const { width, height, margin } = SIZE
  const room = Math.min((width - 2 * margin) / (right - left), (height - 2 * margin) / (high - low))
  const scale = Number.isFinite(room) ? room : 1
  const place = (value: number, middle: number, size: number): number =>
    Math.round(((value - middle) * scale + size / 2) * 10) / 10
  return (px, py) => [place(px, (left + right) / 2, width), place(-py, -(low + high) / 2, height)]
}

function extent(values: ArrayLike<number>): [number, number] {
  let low = Infinity
  let high = -Infinity
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue
    low = Math.min(low, values[i]!)
    high = Math.max(high, values[i]!)
  }
  return [low, high]
}

/** Each name at its class's median, from top to bottom, moved down where it would cover one above. */
function placeNames(groups: readonly Group[]): { name: string; x: number; y: number; index: number }[] {
  const wanted = groups.map(({ name, points }, index) => ({
    name,
    index,
    x: median(points.map(([x]) => x)),
    y: median(points.map(([, y]) => y)),
  }))
  const placed: typeof wanted = []
  for (const label of wanted.sort((a, b) => a.y - b.y)) {
    const beside = placed.filter(
      ({ name, x }) => Math.abs(x - label.x) < (name.length + label.name.length) * 4,
    )
    for (const above of beside.sort((a, b) => a.y - b.y)) {
      if (Math.abs(above.y - label.y) < NAME_HEIGHT) label.y = above.y + NAME_HEIGHT
    }
    placed.push(label)
  }
  return placed
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}
