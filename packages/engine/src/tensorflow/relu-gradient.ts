/** The gradient through a ReLU, in one TensorFlow operation. */
import type { Tensor } from '@tensorflow/tfjs-core'
import type { TensorflowBackend } from './tensorflow-backend.ts'

/** `dy` where `y`, the output of the ReLU, is positive; else 0. Any shape, float32; the caller disposes it. */
export function reluGradient(backend: TensorflowBackend, dy: Tensor, y: Tensor): Tensor {
  const { TF_ATTR_TYPE: type, TF_FLOAT: value } = backend.binding
  return backend.executeSingleOutput('ReluGrad', [{ name: 'T', type, value }], [dy, y])
}
