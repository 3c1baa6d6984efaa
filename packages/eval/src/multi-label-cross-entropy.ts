/** Sigmoid cross-entropy: what classifiers of images with several classes (VOC2007) are trained with. */
import { SimclrError } from '@simclr/core'
import { mul, type Scalar, softplus, sub, sum, type Tensor2D, tensor2d, tidy } from '@tensorflow/tfjs-core'

/**
 * The mean over the images of Σ_k log(1 + exp(logit_k)) − present_k · logit_k: one binary problem per class, summed.
 * Entries of difficult objects are left out and have no gradient.
 *
 * @param logits `[n, classes]` float32.
 * @param labels `[n, classes]`, row-major: 1 present, -1 absent, 0 difficult, as `multiLabels` of a dataset.
 * @returns A scalar; the caller disposes it.
 * @throws SimclrError unless there is one label of 1, -1 or 0 per logit, at least one.
 * @example
 * multiLabelCrossEntropy(tf.tensor2d([[2, -1]]), Int8Array.of(1, 0)).print() // log(1 + exp(-2)) = 0.127
 */
export function multiLabelCrossEntropy(logits: Tensor2D, labels: Int8Array): Scalar {
  const stray = labels.find((label) => label < -1 || label > 1)
  if (labels.length !== logits.size || labels.length === 0 || stray !== undefined) {
    throw new SimclrError({
      parameter: 'multiLabelCrossEntropy: labels',
      expected: `one of 1 (present), -1 (absent) or 0 (difficult) for each of the ${logits.size} logits (at least one)`,
      received: stray === undefined ? `${labels.length} labels` : `the label ${stray}`,
    })
  }
  return tidy(() => {
    const table = (entry: (label: number) => boolean): Tensor2D =>
      tensor2d(
        Float32Array.from(labels, (label) => Number(entry(label))),
        logits.shape,
      )
    const counted = table((label) => label !== 0)
    const present = table((label) => label === 1)
    const total = sum<Scalar>(sub(mul(softplus(logits), counted), mul(logits, present)))
    return mul<Scalar>(total, 1 / logits.shape[0])
  })
}
