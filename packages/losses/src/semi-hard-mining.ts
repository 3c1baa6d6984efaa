/**
 * Semi-hard negatives: those farther from the anchor than its positive, but within the margin (Schroff et al. 2015,
 * section 3.2; SimCLR section 5.1: "within the loss margin and closest in distance, but farther than positives").
 * Golden 02 fixes what the paper leaves open.
 */
import {
  add,
  argMax,
  argMin,
  cast,
  div,
  equal,
  greater,
  less,
  logicalAnd,
  maximum,
  mul,
  oneHot,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
  where,
} from '@tensorflow/tfjs-core'

/**
 * `semi-hard`: the closest candidate, no negative for an anchor without one (golden `sh_closest_skip`).
 * `semi-hard-or-farthest`: as before, but the farthest of all negatives for an anchor without one, as TensorFlow
 * Addons' triplet_semihard_loss does (golden `sh_closest_fallback`).
 * `semi-hard-mean`: all candidates, equally weighted (golden `sh_all_mean`).
 */
export type SemiHardRule = 'semi-hard' | 'semi-hard-or-farthest' | 'semi-hard-mean'

/** Beyond any difference of similarities, so that the arg max and arg min pass over it. */
const FAR = 3e38

/**
 * The weights of semi-hard mining. It uses operations without gradient.
 *
 * @param differences `[2n, 2N]`: similarity of each gathered row with the anchor less that of the positive.
 * @param isNegative `[2n, 2N]`: 1 or 0.
 * @param margin Candidates have differences between -margin and 0, both excluded; may be infinite.
 * @returns `[2n, 2N]` float32: rows sum to 1, or to 0 where nothing was found. The caller disposes it.
 */
export function semiHardWeights(
  differences: Tensor2D,
  isNegative: Tensor2D,
  rule: SemiHardRule,
  margin: number,
): Tensor2D {
  return tidy(() => {
    const isInside = Number.isFinite(margin)
      ? logicalAnd(less(differences, 0), greater(differences, -margin))
      : less(differences, 0)
    const candidates = mul(cast(isInside, 'float32'), isNegative) as Tensor2D
    const count = sum(candidates, 1, true)
    if (rule === 'semi-hard-mean') return div(candidates, maximum(count, 1)) as Tensor2D
    const columns = differences.shape[1]
    const select = (index: Tensor): Tensor2D => oneHot(index as Tensor1D, columns) as Tensor2D
    const hasNone = cast(equal(count, 0), 'float32')
    const closest = mul(select(argMax(where(greater(candidates, 0), differences, -FAR), 1)), sub(1, hasNone))
    if (rule === 'semi-hard') return closest as Tensor2D
    const farthest = select(argMin(where(greater(isNegative, 0), differences, FAR), 1))
    return add(closest, mul(mul(farthest, isNegative), hasNone)) as Tensor2D
  })
}
