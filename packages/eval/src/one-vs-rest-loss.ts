/** The loss of one binary logistic regression per class, for images with several classes (VOC2007). */
import { abs, mul, neg, sigmoid, softplus, sub, sum, tensor2d, tidy, transpose } from '@tensorflow/tfjs-core'
import type { LogisticLoss } from './logistic-loss.ts'

/**
 * Σ_c log(1 + exp(−t_c · logit_c)) over the classes with t_c = ±1.
 *
 * @param labels Shape [rows, classes]: 1 present, -1 absent, 0 left out, as `multiLabels` of a dataset.
 */
export function oneVsRestLoss(labels: Int8Array, classes: number): LogisticLoss {
  return {
    classes,
    rows: labels.length / classes,
    targets: (start, end) =>
      tidy(() => {
        const entries = Float32Array.from(labels.subarray(start * classes, end * classes))
        return transpose(tensor2d(entries, [end - start, classes]))
      }),
    evaluate(logits, targets) {
      const against = neg(mul(logits, targets))
      return {
        losses: sum(mul(softplus(against), abs(targets)), 0),
        slopes: neg(mul(sigmoid(against), targets)),
      }
    },
    curvatures(logits, targets) {
      const probabilities = sigmoid(logits)
      return mul(mul(probabilities, sub(1, probabilities)), abs(targets))
    },
  }
}
