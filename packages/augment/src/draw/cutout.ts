import { checkRange } from '@simclr/core/plain'
import { type Draw, drawSome } from './draw.ts'

/** Options of `cutout`. */
export interface CutoutOptions {
  /** Side of the square as a share of the shorter side; default 0.5, the 16 of 32 pixels of DeVries and Taylor 2017. */
  size?: number
  /** Share of images that are changed; default 1. */
  probability?: number
}

/** What `cutout` draws for an image that it changes, in pixels. */
export interface DrawnCutout {
  /** Row of the centre. */
  readonly y: number
  /** Column of the centre. */
  readonly x: number
  readonly side: number
}

/** From the first pixel to before the last. */
export interface Span {
  readonly begin: number
  readonly end: number
}

/** Draws a centre anywhere in each image; null for images that stay as they are. */
export function drawCutout({ size = 0.5, probability = 1 }: CutoutOptions = {}): Draw<DrawnCutout | null> {
  checkRange('cutout: size', size, 0, 1)
  checkRange('cutout: probability', probability, 0, 1)
  return drawSome('cutout', probability, (key, { height, width }) => ({
    y: key.integer(1, height),
    x: key.integer(2, width),
    side: Math.round(size * Math.min(height, width)),
  }))
}

/** The pixels of a line of `length` that a square around `center` covers. */
export function cutoutSpan(center: number, side: number, length: number): Span {
  const begin = center - Math.floor(side / 2)
  return { begin: Math.max(0, begin), end: Math.min(length, begin + side) }
}
