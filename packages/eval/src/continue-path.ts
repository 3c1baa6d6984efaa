/** Where to start the fit at the next strength of the penalty. */
import type { LinearClassifier } from './linear-classifier.ts'

export interface PathSolution {
  /** λ > 0 */
  readonly regularization: number
  readonly classifier: LinearClassifier
}

/**
 * The last two solutions extrapolated along log λ; the last where there is but one.
 *
 * @param solutions At falling λ.
 * @returns `undefined` if there are none.
 */
export function continuePath(
  solutions: readonly PathSolution[],
  regularization: number,
): LinearClassifier | undefined {
  const last = solutions.at(-1)
  const previous = solutions.at(-2)
  if (last === undefined || previous === undefined || last.regularization === previous.regularization) {
    return last?.classifier
  }
  const step =
    Math.log(regularization / last.regularization) / Math.log(last.regularization / previous.regularization)
  const extrapolate = (name: keyof LinearClassifier): Float32Array =>
    last.classifier[name].map((value, i) => value + step * (value - previous.classifier[name][i]!))
  return { weights: extrapolate('weights'), bias: extrapolate('bias') }
}
