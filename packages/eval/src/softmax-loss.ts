/** The loss of multinomial logistic regression: −log softmax(logits)[label]. */
import {
  add,
  cast,
  div,
  exp,
  less,
  log,
  log1p,
  max,
  mul,
  neg,
  oneHot,
  reshape,
  sub,
  sum,
  type Tensor2D,
  tensor1d,
  tidy,
  transpose,
  where,
} from '@tensorflow/tfjs-core'
import type { LogisticLoss } from './logistic-loss.ts'

/** @param labels Class of each row, below `classes`. */
export function softmaxLoss(labels: Int32Array, classes: number): LogisticLoss {
  return {
    classes,
    rows: labels.length,
    targets: (start, end) =>
      tidy(() => {
        const chosen = oneHot(tensor1d(labels.subarray(start, end), 'int32'), classes) as Tensor2D
        return cast(transpose(chosen), 'float32')
      }),
    evaluate(logits, targets) {
      const { probabilities, logSum } = softmaxOf(logits)
      const others = mul<Tensor2D>(probabilities, sub(1, targets))
      const doubt = sum<Tensor2D>(others, 0, true)
      // 1 − p as the sum of what it consists of, where p would round to 1.
      const certain = neg(log1p(neg(doubt)))
      const losses = where(less(doubt, 0.5), certain, sub(logSum, sum(mul(logits, targets), 0, true)))
      return { losses: reshape(losses, [-1]), slopes: sub(others, mul(doubt, targets)) }
    },
    curvatures(logits) {
      const { probabilities } = softmaxOf(logits)
      return mul(probabilities, sub(1, probabilities))
    },
  }
}

/** Of each column, with the logarithm of what the exponentials are divided by. */
function softmaxOf(logits: Tensor2D): { probabilities: Tensor2D; logSum: Tensor2D } {
  const largest = max<Tensor2D>(logits, 0, true)
  const powers = exp(sub<Tensor2D>(logits, largest))
  const total = sum<Tensor2D>(powers, 0, true)
  return { probabilities: div(powers, total), logSum: add(largest, log(total)) }
}
