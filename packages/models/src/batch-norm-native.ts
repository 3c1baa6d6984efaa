/** Batch normalisation of a training step by the operations that an engine registers for it. */
import { engine, getBackend, getKernel, type NamedTensorMap, type Tensor } from '@tensorflow/tfjs-core'
import type { BatchNormPass } from './batch-norm-pass.ts'

const FORWARD = 'BatchNormTraining'
const BACKWARD = 'BatchNormTrainingGrad'

/** The current backend's kernels `BatchNormTraining` and `BatchNormTrainingGrad`, or undefined if it lacks one. */
export function nativeBatchNorm(): BatchNormPass | undefined {
  const backend = getBackend()
  if (getKernel(FORWARD, backend) === undefined || getKernel(BACKWARD, backend) === undefined)
    return undefined
  return {
    forward: (inputs, attributes) => run(FORWARD, { ...inputs }, attributes),
    backward: (inputs, attributes) => run(BACKWARD, { ...inputs }, attributes),
  }
}

function run(kernel: string, inputs: NamedTensorMap, attributes: Record<string, number | boolean>): Tensor[] {
  return engine().runKernel<Tensor[]>(kernel, inputs, attributes)
}
