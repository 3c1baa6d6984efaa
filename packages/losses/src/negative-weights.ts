/**
 * How much each negative counts for each anchor: all of them, or those found by semi-hard mining (Schroff et al. 2015,
 * FaceNet, section 3.2; SimCLR section 5.1).
 */
import { div, mul, sub, sum, type Tensor2D, tidy } from '@tensorflow/tfjs-core'
import { type GatheredSimilarities, negativeMask } from './gathered-pairs.ts'
import { type SemiHardRule, semiHardWeights } from './semi-hard-mining.ts'
import { withoutGradient } from './without-gradient.ts'

/** `mean` or `sum` over all negatives, or one of the rules of semi-hard mining. */
export type NegativesRule = 'mean' | 'sum' | SemiHardRule

/**
 * The weight of every negative of every anchor, constant under the gradient.
 *
 * @param pairs Similarities not divided by a temperature if `margin` is given.
 * @param margin How far below the positive a semi-hard negative may be; no limit by default.
 * @returns `[2n, 2N]` float32, 0 for the anchor itself and its other view. The caller disposes it.
 */
export function negativeWeights(
  pairs: GatheredSimilarities,
  rule: NegativesRule,
  margin: number = Number.POSITIVE_INFINITY,
): Tensor2D {
  return tidy(() => {
    const isNegative = negativeMask(pairs)
    if (rule === 'sum') return isNegative
    if (rule === 'mean') return div(isNegative, Math.max(1, isNegative.shape[1] - 2)) as Tensor2D
    return withoutGradient((similarities) => {
      const positive = sum(mul(similarities, pairs.isOther), 1, true) as Tensor2D
      return semiHardWeights(sub(similarities, positive), isNegative, rule, margin)
    }, pairs.similarities)
  })
}
