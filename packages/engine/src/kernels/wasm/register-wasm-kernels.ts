/** Makes TensorFlow.js's wasm backend able to train a residual network, and many times faster at it. */
import { getKernel, type KernelConfig, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core'
import { unsortedSegmentSum } from '../unsorted-segment-sum.ts'
import { batchMatMul } from './batch-mat-mul.ts'
import { batchNormTraining } from './batch-norm-training.ts'
import { batchNormTrainingGrad } from './batch-norm-training-grad.ts'
import { clipByValue } from './clip-by-value.ts'
import { conv2DBackpropFilter } from './conv2d-backprop-filter.ts'
import { conv2DBackpropInput } from './conv2d-backprop-input.ts'
import { extremum } from './extremum.ts'
import { gather } from './gather.ts'
import { identity } from './identity.ts'
import { maxPoolGrad } from './max-pool-grad.ts'
import { relu } from './relu.ts'
import { tile } from './tile.ts'

const BACKEND = 'wasm'

/** Once per process: the kernel registry is global to it. */
let isDone = false

/** Adds the kernels that wasm lacks and replaces those that are slow or wrong; repeatable. */
export function registerWasmKernels(): void {
  if (isDone) return
  isDone = true
  const missing = [
    batchNormTraining,
    batchNormTrainingGrad,
    conv2DBackpropFilter,
    { ...unsortedSegmentSum, backendName: BACKEND },
  ]
  for (const kernel of missing) registerKernel(kernel)
  for (const kernel of [gather, identity, maxPoolGrad]) replace(kernel.kernelName, () => kernel)
  replace('BatchMatMul', batchMatMul)
  replace('ClipByValue', clipByValue)
  replace('Conv2DBackpropInput', conv2DBackpropInput)
  replace('Maximum', extremum('maximum'))
  replace('Minimum', extremum('minimum'))
  replace('Relu', relu)
  replace('Tile', tile)
}

function replace(kernelName: string, replacement: (original: KernelConfig) => KernelConfig): void {
  const original = getKernel(kernelName, BACKEND)
  unregisterKernel(kernelName, BACKEND)
  // The original's set-up stays: the replacement may pass calls on to it.
  registerKernel({ ...original, ...replacement(original) })
}
