/** One number per image, shaped to broadcast over its channels and pixels. */
import { type Tensor4D, tensor4d } from '@tensorflow/tfjs-core'

/** @returns `[n, 1, 1, 1]`. The caller disposes it. */
export function perImage(values: readonly number[]): Tensor4D {
  return tensor4d([...values], [values.length, 1, 1, 1])
}
