/** What every metric on scores asks of them. */
import { checkInteger, SimclrError } from '@simclr/core'

/**
 * @param scores Shape [rows, classes], row-major.
 * @throws SimclrError unless there are whole rows of `classes` scores, at least one row, all finite.
 */
export function checkScores(caller: string, scores: Float32Array, classes: number): void {
  checkInteger(`${caller}: classes`, classes, 1)
  const broken = scores.findIndex((score) => !Number.isFinite(score))
  if (scores.length > 0 && scores.length % classes === 0 && broken < 0) return
  throw new SimclrError({
    parameter: `${caller}: scores`,
    expected: `finite, ${classes} a row, at least one row`,
    received:
      broken < 0
        ? `${scores.length} scores`
        : `${scores[broken]} for class ${broken % classes} in row ${Math.floor(broken / classes)}`,
  })
}
