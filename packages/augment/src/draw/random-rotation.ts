import { SimclrError } from '@simclr/core/plain'
import { type Draw, drawEach, type ImageSize } from './draw.ts'

/** Degrees counter-clockwise that keep pixels on their grid. */
export type QuarterTurn = 0 | 90 | 180 | 270

/** Options of `randomRotation`. */
export interface RandomRotationOptions {
  /** The turns to draw from, in degrees counter-clockwise; default 0, 90, 180 and 270. */
  degrees?: readonly QuarterTurn[]
}

/** Draws one of the turns for each image, all equally often. */
export function drawRotation({ degrees = [0, 90, 180, 270] }: RandomRotationOptions = {}): Draw<QuarterTurn> {
  const name = 'randomRotation'
  if (degrees.length === 0 || degrees.some((turn) => ![0, 90, 180, 270].includes(turn))) {
    throw new SimclrError({
      parameter: `${name}: degrees`,
      expected: 'a list of 0, 90, 180 or 270',
      received: `[${degrees.join(', ')}]`,
    })
  }
  return drawEach(name, (key, size) => {
    for (const turn of degrees) checkTurn(turn, size)
    return degrees[key.integer(0, degrees.length)]!
  })
}

/** @throws SimclrError if images of this size would change their shape. */
export function checkTurn(degrees: QuarterTurn, { height, width }: ImageSize): void {
  if (degrees % 180 === 0 || height === width) return
  throw new SimclrError({
    parameter: 'randomRotation: images',
    expected: `square to turn them by ${degrees}°`,
    received: `${height} × ${width} pixels`,
    remedy: 'Crop to a square before, or pass degrees: [0, 180].',
  })
}
