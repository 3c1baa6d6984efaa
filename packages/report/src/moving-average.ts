import type { Point } from './downsample.ts'

/**
 * The mean of each point's neighbourhood: `radius` points to either side, as many as there are at the ends. Gaps stay
 * gaps and do not enter the means. Takes time linear in the number of points.
 */
export function movingAverage(points: readonly Point[], radius: number): readonly Point[] {
  const sums = new Float64Array(points.length + 1)
  const counts = new Float64Array(points.length + 1)
  for (const [i, { y }] of points.entries()) {
    sums[i + 1] = sums[i]! + (Number.isFinite(y) ? y : 0)
    counts[i + 1] = counts[i]! + (Number.isFinite(y) ? 1 : 0)
  }
  return points.map((point, i) => {
    if (!Number.isFinite(point.y)) return point
    const start = Math.max(0, i - radius)
    const end = Math.min(points.length, i + radius + 1)
    return { x: point.x, y: (sums[end]! - sums[start]!) / (counts[end]! - counts[start]!) }
  })
}
