/** Operations that some engines have and TensorFlow.js does not. */
import { engine, getBackend, getKernel, type Tensor } from '@tensorflow/tfjs-core'

/**
 * Runs the current backend's kernel of this name.
 *
 * @returns Its result, or undefined if the backend has none; the caller composes other operations then.
 */
export function runNative<T extends Tensor>(
  name: string,
  inputs: Record<string, Tensor>,
  attributes: Record<string, number | readonly number[]>,
): T | undefined {
  if (getKernel(name, getBackend()) === undefined) return undefined
  return engine().runKernel<T>(name, inputs, attributes as Record<string, number | number[]>)
}
