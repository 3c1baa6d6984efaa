/** A linear classifier on the engine, as it is for centred features. */
import {
  add,
  concat,
  matMul,
  reshape,
  sub,
  type Tensor1D,
  type Tensor2D,
  tensor2d,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core'
import type { LinearClassifier } from './linear-classifier.ts'

export interface LogisticParameters {
  /** `[classes, width]` */
  readonly weights: Tensor2D
  /** `[classes, 1]` */
  readonly bias: Tensor2D
}

/** @param center `[1, width]`: its logits are the bias. Dispose both tensors of the result. */
export function uploadClassifier(classifier: LinearClassifier, center: Tensor2D): LogisticParameters {
  const classes = classifier.bias.length
  return tidy(() => {
    const weights = transpose(tensor2d(classifier.weights, [center.shape[1], classes]))
    return {
      weights,
      bias: add<Tensor2D>(tensor2d(classifier.bias, [classes, 1]), matMul(weights, center, false, true)),
    }
  })
}

/** The opposite of {@link uploadClassifier}; disposes nothing. */
export async function downloadClassifier(
  { weights, bias }: LogisticParameters,
  center: Tensor2D,
): Promise<LinearClassifier> {
  const rows = transpose(weights)
  const offset = tidy(() => sub(bias, matMul(weights, center, false, true)))
  const classifier = { weights: await rows.data<'float32'>(), bias: await offset.data<'float32'>() }
  rows.dispose()
  offset.dispose()
  return classifier
}

/** Parameters from their values, the weights row-major before the bias. Dispose both tensors of the result. */
export function unpackParameters(values: ArrayLike<number>, width: number): LogisticParameters {
  const classes = values.length / (width + 1)
  const all = Float32Array.from(values)
  return {
    weights: tensor2d(all.subarray(0, width * classes), [classes, width]),
    bias: tensor2d(all.subarray(width * classes), [classes, 1]),
  }
}

/** The opposite of {@link unpackParameters}. */
export function packParameters({ weights, bias }: LogisticParameters): Tensor1D {
  return concat([reshape(weights, [-1]), reshape(bias, [-1])])
}
