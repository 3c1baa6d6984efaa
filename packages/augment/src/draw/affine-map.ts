/** Shears, shifts and turns as maps from the pixels of the result to those of the image. */
import type { ImageSize } from './draw.ts'
import type { AffineOperation } from './step.ts'

/**
 * The pixel at (row, column) comes from column (a·column + b·row + c) >> 16 and row (d·column + e·row + f) >> 16, for
 * [a, b, c, d, e, f]. Pillow counts in these units too.
 */
export type AffineMap = readonly [number, number, number, number, number, number]

/** The grey of pixels that come from outside of the image. */
export const FILL = 128

/**
 * @param value Of a shear: the shift from one line to the next, the first one staying. Of a translation: whole pixels
 * to the right or down. Of a rotation: degrees counter-clockwise about the centre.
 */
export function affineMap(
  operation: AffineOperation,
  value: number,
  { height, width }: ImageSize,
): AffineMap {
  switch (operation) {
    case 'shearX':
      return fixedPoint(1, value, 0, 0, 1, 0)
    case 'shearY':
      return fixedPoint(1, 0, 0, value, 1, 0)
    case 'translateX':
      return fixedPoint(1, 0, -value, 0, 1, 0)
    case 'translateY':
      return fixedPoint(1, 0, 0, 0, 1, -value)
    case 'rotate': {
      const [cos, sin] = [Math.cos((value * Math.PI) / 180), Math.sin((value * Math.PI) / 180)]
      const [x, y] = [width / 2, height / 2]
      return fixedPoint(cos, -sin, x - cos * x + sin * y, sin, cos, y - sin * x - cos * y)
    }
  }
}

/** AutoAugment's ranges for `level` 1: shears 0.3, turns 30°, shifts 150 of the 331 pixels of the paper's images. */
export function affineValue(
  operation: AffineOperation,
  level: number,
  { height, width }: ImageSize,
  isNegative: boolean,
): number {
  const magnitude = {
    shearX: 0.3 * level,
    shearY: 0.3 * level,
    translateX: Math.trunc((150 / 331) * width * level),
    translateY: Math.trunc((150 / 331) * height * level),
    rotate: 30 * level,
  }[operation]
  return isNegative ? -magnitude : magnitude
}

/** From a map of points to one of pixels, whose centres lie half a pixel further. */
function fixedPoint(a: number, b: number, c: number, d: number, e: number, f: number): AffineMap {
  const fix = (x: number) => Math.floor(x * 65536 + 0.5)
  return [fix(a), fix(b), fix(c + (a + b) / 2), fix(d), fix(e), fix(f + (d + e) / 2)]
}
