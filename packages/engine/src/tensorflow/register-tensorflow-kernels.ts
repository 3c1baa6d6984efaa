/** The kernels that this package adds to tfjs-node's, and those that it replaces. */
import { getKernel, type KernelConfig, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core'
import { batchNormTraining, batchNormTrainingGrad } from './batch-norm-training.ts'
import { convolutionGradients } from './convolution-gradients.ts'
import { withNumberPadding } from './number-padding.ts'

const BACKEND = 'tensorflow'

/** Once per process, after tfjs-node's own. */
export function registerTensorflowKernels(): void {
  for (const kernel of [batchNormTraining, batchNormTrainingGrad]) add(kernel)
  for (const kernel of convolutionGradients) replace(kernel)
  for (const name of ['Conv2D', 'FusedConv2D', 'DepthwiseConv2dNative', 'FusedDepthwiseConv2D']) {
    replace(withNumberPadding(getKernel(name, BACKEND)))
  }
}

function add(kernel: Omit<KernelConfig, 'backendName'>): void {
  registerKernel({ ...kernel, backendName: BACKEND })
}

function replace(kernel: Omit<KernelConfig, 'backendName'>): void {
  unregisterKernel(kernel.kernelName, BACKEND)
  add(kernel)
}
