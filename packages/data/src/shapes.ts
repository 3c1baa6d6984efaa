/** The outlines of the synthetic images, as signed distances: negative inside, zero on the edge. */

/** Distance in units of the shape's radius, for a point in those units. */
export type SignedDistance = (x: number, y: number) => number

const SIN_60 = Math.sqrt(3) / 2

/** Shapes by name; each about as large as the unit disc. */
export const shapes: Readonly<Record<string, SignedDistance>> = {
  ring: (x, y) => Math.abs(Math.hypot(x, y) - 0.68) - 0.28,
  triangle: (x, y) => Math.max(SIN_60 * Math.abs(x) + y / 2, -y) - 0.52,
  cross: (x, y) => {
    const far = Math.max(Math.abs(x), Math.abs(y))
    const near = Math.min(Math.abs(x), Math.abs(y))
    return Math.max(far - 0.95, near - 0.28)
  },
}
