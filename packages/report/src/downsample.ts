/** Fewer points for the same picture: largest triangle, three buckets (Steinarsson, University of Iceland, 2013). */

/** A point of a curve. `y` that is not finite is a gap. */
export interface Point {
  readonly x: number
  readonly y: number
}

/**
 * At most `limit` of the points, in order, chosen so that the curve looks the same: the first, the last, and from
 * each bucket between them the point that spans the largest triangle with its neighbours.
 *
 * A bucket without a finite point keeps one of its gaps.
 *
 * @param points Ordered by x. @param limit At least 3.
 */
export function downsample(points: readonly Point[], limit: number): readonly Point[] {
  if (points.length <= limit) return points
  const width = (points.length - 2) / (limit - 2)
  const bucket = (index: number): readonly Point[] =>
    points.slice(1 + Math.floor(index * width), 1 + Math.floor((index + 1) * width))
  const kept: Point[] = [points[0]!]
  let anchor = points[0]!
  for (let i = 0; i < limit - 2; i++) {
    const finite = bucket(i).filter(isFinitePoint)
    if (finite.length === 0) {
      kept.push(bucket(i)[0]!)
      continue
    }
    const next = mean(i === limit - 3 ? points.slice(-1) : bucket(i + 1)) ?? finite.at(-1)!
    if (!isFinitePoint(anchor)) anchor = finite[0]!
    const areas = finite.map((point) => triangleArea(anchor, point, next))
    anchor = finite[areas.indexOf(Math.max(...areas))]!
    kept.push(anchor)
  }
  return [...kept, points.at(-1)!]
}

function isFinitePoint(point: Point): boolean {
  return Number.isFinite(point.y)
}

function mean(points: readonly Point[]): Point | undefined {
  const finite = points.filter(isFinitePoint)
  if (finite.length === 0) return undefined
  const sum = finite.reduce((a, b) => ({ x: a.x + b.x, y: a.y + b.y }))
  return { x: sum.x / finite.length, y: sum.y / finite.length }
}

function triangleArea(a: Point, b: Point, c: Point): number {
  return Math.abs((a.x - c.x) * (b.y - a.y) - (a.x - b.x) * (c.y - a.y))
}
