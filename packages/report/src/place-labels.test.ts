import { describe, expect, it } from 'vitest'
import { type Box, placeLabels } from './place-labels.ts'

const area: Box = { left: 0, top: 0, right: 600, bottom: 300 }
const size = { width: 60, height: 14 }
const apart = (a: Box, b: Box): boolean =>
  a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top

describe('placeLabels', () => {
  it('puts a lonely label to the right, at the right border to the left or above', () => {
    expect(placeLabels([{ x: 100, y: 100, ...size }], area)[0]!.left).toBeGreaterThan(100)
    const [box] = placeLabels([{ x: 595, y: 100, ...size }], area)
    expect(box!.right).toBeLessThanOrEqual(600)
  })

  it('keeps the labels of crowded points apart, and off the points', () => {
    for (let run = 0; run < 50; run++) {
      const points = Array.from({ length: 8 }, (_, i) => ({
        x: 300 + 60 * Math.sin(run * 5.1 + i * 2.3),
        y: 150 + 60 * Math.sin(run * 3.7 + i * 4.1),
        ...size,
      }))
      const boxes = placeLabels(points, area)
      const marks = points.map(({ x, y }) => ({ left: x - 4, top: y - 4, right: x + 4, bottom: y + 4 }))
      const covered = boxes.filter((box, i) => [...boxes.slice(0, i), ...marks].some((o) => !apart(box, o)))
      expect(covered).toEqual([])
    }
  })

  it('gives a box inside of the area even to points that coincide too often', () => {
    const boxes = placeLabels(Array(40).fill({ x: 300, y: 150, ...size }), area)
    expect(boxes).toHaveLength(40)
    expect(boxes.every(({ left, right }) => left >= 0 && right <= 600)).toBe(true)
  })
})
