/** Softmax cross-entropy: what classifiers on top of an encoder are trained with. */
import { checkRange, SimclrError } from '@simclr/core'
import {
  add,
  logSumExp,
  mean,
  mul,
  oneHot,
  type Scalar,
  sub,
  sum,
  type Tensor2D,
  tensor1d,
  tidy,
} from '@tensorflow/tfjs-core'

/** Options of {@link softmaxCrossEntropy}. */
export interface SoftmaxCrossEntropyOptions {
  /** Share of the target spread evenly over all classes (Szegedy et al. 2016, section 7), 0–1; default 0. */
  labelSmoothing?: number
}

/**
 * The mean over the rows of log Σ_k exp(logit_k) − Σ_k target_k logit_k, where the target is 1 for the label, or with
 * label smoothing ε: 1 − ε + ε/classes for the label and ε/classes for the others.
 *
 * @param logits `[n, classes]` float32.
 * @param labels Class of each row, 0..classes-1, length n.
 * @returns A scalar; the caller disposes it.
 * @throws SimclrError unless there is one label in range per row and the smoothing is within 0–1.
 *
 * @example
 * softmaxCrossEntropy(tf.tensor2d([[2, 0], [0, 2]]), Int32Array.of(0, 1)).print() // log(1 + exp(-2)) = 0.127
 */
export function softmaxCrossEntropy(
  logits: Tensor2D,
  labels: Int32Array,
  { labelSmoothing = 0 }: SoftmaxCrossEntropyOptions = {},
): Scalar {
  checkRange('softmaxCrossEntropy: labelSmoothing', labelSmoothing, 0, 1)
  const [rows, classes] = logits.shape
  const wrong = labels.find((label) => label < 0 || label >= classes)
  if (labels.length !== rows || rows === 0 || wrong !== undefined) {
    throw new SimclrError({
      parameter: 'softmaxCrossEntropy: labels',
      expected: `one of 0 to ${classes - 1} for each of the ${rows} rows (at least one)`,
      received: wrong === undefined ? `${labels.length} labels` : `the label ${wrong}`,
    })
  }
  return tidy(() => {
    const isLabel = oneHot(tensor1d(labels, 'int32'), classes)
    const targets = add(mul(isLabel, 1 - labelSmoothing), labelSmoothing / classes)
    return mean(sub(logSumExp(logits, 1), sum(mul(logits, targets), 1)))
  })
}
