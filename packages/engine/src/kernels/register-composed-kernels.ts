/** Makes TensorFlow.js's wasm backend able to train a residual network, and several times faster at it. */
import { getKernel, type KernelConfig, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core'
import { conv2DBackpropFilter } from './conv2d-backprop-filter.ts'
import { conv2DBackpropInput } from './conv2d-backprop-input.ts'
import { correctedMaxPoolGrad } from './max-pool-grad.ts'
import { unsortedSegmentSum } from './unsorted-segment-sum.ts'

const BACKEND = 'wasm'

/** Once per process: the kernel registry is global to it. */
let isDone = false

/** Adds the kernels that wasm lacks and replaces one that is slow and one that is wrong; repeatable. */
export function registerComposedKernels(): void {
  if (isDone) return
  isDone = true
  for (const kernel of [conv2DBackpropFilter, unsortedSegmentSum]) {
    if (getKernel(kernel.kernelName, BACKEND) == null) registerKernel({ ...kernel, backendName: BACKEND })
  }
  replace({ ...conv2DBackpropInput, backendName: BACKEND })
  const maxPoolGrad = getKernel('MaxPoolGrad', BACKEND)
  if (maxPoolGrad != null) replace(correctedMaxPoolGrad(maxPoolGrad))
}

function replace(kernel: KernelConfig): void {
  if (getKernel(kernel.kernelName, BACKEND) != null) unregisterKernel(kernel.kernelName, BACKEND)
  registerKernel(kernel)
}
