/** Makes TensorFlow.js's wasm backend able to train a residual network, and several times faster at it. */
import { getKernel, type KernelConfig, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core'
import { batchNormTraining } from './batch-norm-training.ts'
import { batchNormTrainingGrad } from './batch-norm-training-grad.ts'
import { conv2DBackpropFilter } from './conv2d-backprop-filter.ts'
import { conv2DBackpropInput } from './conv2d-backprop-input.ts'
import { identity } from './identity.ts'

/** Adds the kernels that wasm lacks and replaces those that are slow or wrong; repeatable. */
export function registerWasmKernels(): void {
  for (const kernel of [batchNormTraining, batchNormTrainingGrad, conv2DBackpropFilter, conv2DBackpropInput, identity]) replace(kernel)
}

function replace(kernel: KernelConfig): void {
  const { kernelName, backendName } = kernel
  if (getKernel(kernelName, backendName) != null) unregisterKernel(kernelName, backendName)
  registerKernel(kernel)
}
