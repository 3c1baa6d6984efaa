/** Takes kernels from the current backend for a while. Used by tests only. */
import { getBackend, getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core'

/** The kernels that batch normalisation looks up. */
export const batchNormKernels = [
  ...['BatchNormTraining', 'BatchNormTrainingGrad'],
  ...['BatchNormMoments', 'BatchNormNormalize', 'BatchNormGradSums', 'BatchNormInputGrad'],
]

/** Runs `body` without those of the named kernels that the backend has. */
export function withoutKernels<R>(names: readonly string[], body: () => R): R {
  const backend = getBackend()
  const taken = names.map((name) => getKernel(name, backend)).filter((kernel) => kernel !== undefined)
  for (const { kernelName } of taken) unregisterKernel(kernelName, backend)
  try {
    return body()
  } finally {
    for (const kernel of taken) registerKernel(kernel)
  }
}
