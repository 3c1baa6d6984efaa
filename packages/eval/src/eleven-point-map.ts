/** Eleven-point mean average precision: the metric of VOC2007 (Everingham et al. 2010; SimCLR appendix B.8). */
import { SimclrError } from '@simclr/core'
import { checkScores } from './check-scores.ts'

export interface ElevenPointMeanAveragePrecision {
  /** Mean over the classes that have a positive. */
  readonly mean: number
  /** Average precision of each class; NaN for a class without a positive. */
  readonly perClass: Float64Array
}

/**
 * For each class, images are ranked by falling score (the earlier image first among ties) and precision is read at the
 * recalls 0, 0.1, …, 1: the largest precision at any rank that has at least this recall. Their mean is the class's
 * average precision. Difficult objects (label 0) are left out of the ranking. A class without a positive has no recall:
 * its average precision is NaN and does not enter the mean.
 *
 * @param scores Shape [n, classes], row-major, finite.
 * @param labels Shape [n, classes]: 1 present, −1 absent, 0 difficult, as `multiLabels` of a dataset and the files of VOC.
 * @throws SimclrError unless scores are finite, each has a label of 1, −1 or 0, and some label is 1.
 */
export function elevenPointMeanAveragePrecision(
  scores: Float32Array,
  labels: Int8Array,
  classes: number,
): ElevenPointMeanAveragePrecision {
  checkScores('elevenPointMeanAveragePrecision', scores, classes)
  checkLabels(labels, scores.length)
  const images = Array.from({ length: scores.length / classes }, (_, i) => i)
  const perClass = Float64Array.from({ length: classes }, (_, c) => {
    const ranking = images
      .filter((i) => labels[i * classes + c] !== 0)
      .sort((i, j) => scores[j * classes + c]! - scores[i * classes + c]! || i - j)
    return averagePrecision(ranking.map((i) => labels[i * classes + c] === 1))
  })
  const known = perClass.filter((value) => !Number.isNaN(value))
  return { mean: known.reduce((total, value) => total + value, 0) / known.length, perClass }
}

/** @param relevant Whether the class is present, best rank first. */
function averagePrecision(relevant: readonly boolean[]): number {
  const positives = relevant.filter(Boolean).length
  if (positives === 0) return Number.NaN
  // Entry t: the largest precision at a recall of at least t/10.
  const precisions = new Float64Array(11)
  let found = 0
  relevant.forEach((isRelevant, rank) => {
    if (!isRelevant) return
    found += 1
    const precision = found / (rank + 1)
    // found / positives ≥ t/10, in whole numbers.
    for (let t = 0; t <= 10 && t * positives <= 10 * found; t++) {
      precisions[t] = Math.max(precisions[t]!, precision)
    }
  })
  return precisions.reduce((total, precision) => total + precision, 0) / 11
}

function checkLabels(labels: Int8Array, count: number): void {
  const stray = labels.find((label) => label < -1 || label > 1)
  if (labels.length === count && stray === undefined && labels.includes(1)) return
  throw new SimclrError({
    parameter: 'elevenPointMeanAveragePrecision: labels',
    expected: `${count}, one per score, each 1 (present), -1 (absent) or 0 (difficult), at least one of them 1`,
    received: stray !== undefined ? `a ${stray}` : labels.length === count ? 'no 1' : String(labels.length),
  })
}
