import { type Draw, drawEach } from './draw.ts'

/** Clipping has no parameters. */
export function drawClip(): Draw<null> {
  return drawEach('clip', () => null)
}
