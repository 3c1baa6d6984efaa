/** Names beside the points of a chart, so that as few as possible cover a point or each other. */

/** A rectangle, y counting downwards. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

export interface LabelledPoint {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Reach of a point's mark, and the distance between it and its name. */
const MARK = 6
const GAP = 4
/** Right and left, above and below, then the corners. */
const DIRECTIONS: readonly (readonly [number, number])[] = [
  [1, 0],
  [0, -1],
  [0, 1],
  [-1, 0],
  [1, -1],
  [1, 1],
  [-1, -1],
  [-1, 1],
]
const DISTANCES = [1, 2.5, 4.5] as const

/**
 * Puts each label, in order, at the first of 24 places around its point where it is free, otherwise where it covers the
 * least.
 *
 * @param points Centres of the marks, and sizes of their labels.
 * @param area What no label may leave; a larger label is placed as if it did not matter.
 * @returns One box per point.
 */
export function placeLabels(points: readonly LabelledPoint[], area: Box): Box[] {
  const marks = points.map(({ x, y }) => around(x, y, 2 * MARK, 2 * MARK))
  const placed: Box[] = []
  for (const point of points) {
    const taken = [...marks, ...placed]
    let best: { box: Box; covered: number } | undefined
    for (const box of candidates(point)) {
      const covered = taken.reduce((sum, other) => sum + overlap(box, other), 0) + outside(box, area)
      if (best === undefined || covered < best.covered) best = { box, covered }
      if (covered === 0) break
    }
    placed.push(best!.box)
  }
  return placed
}

function candidates({ x, y, width, height }: LabelledPoint): Box[] {
  return DISTANCES.flatMap((distance) =>
    DIRECTIONS.map(([right, down]) => {
      const reach = MARK + GAP * distance
      return around(x + right * (reach + width / 2), y + down * (reach + height / 2), width, height)
    }),
  )
}

function around(x: number, y: number, width: number, height: number): Box {
  return { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 }
}

/** Area that two boxes share. */
function overlap(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left)
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
  return width > 0 && height > 0 ? width * height : 0
}

/** Area of a box outside of another. */
function outside(box: Box, area: Box): number {
  return (box.right - box.left) * (box.bottom - box.top) - overlap(box, area)
}
