/** Softmax cross-entropy: what classifiers on top of an encoder are trained with. */
import { SimclrError } from '@simclr/core'
import {
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

/**
 * The mean over the rows of log Σ_k exp(logit_k) − logit_label.
 *
 * @param logits `[n, classes]` float32.
 * @param labels Class of each row, 0..classes-1, length n.
 * @returns A scalar; the caller disposes it.
 * @throws SimclrError unless there is one label in range per row.
 *
 * @example
 * softmaxCrossEntropy(tf.tensor2d([[2, 0], [0, 2]]), Int32Array.of(0, 1)).print() // log(1 + exp(-2)) = 0.127
 */
export function softmaxCrossEntropy(logits: Tensor2D, labels: Int32Array): Scalar {
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
    const targets = oneHot(tensor1d(labels, 'int32'), classes)
    return mean(sub(logSumExp(logits, 1), sum(mul(logits, targets), 1)))
  })
}
