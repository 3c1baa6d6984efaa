/** The gradient of max pooling, corrected. */
import { add, type KernelConfig, min, sub, type Tensor, tidy } from '@tensorflow/tfjs-core'

/**
 * wasm's kernel `MaxPoolGrad` starts its search for the largest element at the smallest positive float, so a
 * window without a positive value loses its gradient. Only the order of the elements matters: this kernel gives
 * the original the same input moved above zero.
 *
 * @param original the kernel of the backend.
 */
export function correctedMaxPoolGrad(original: KernelConfig): KernelConfig {
  return {
    ...original,
    kernelFunc: (call) =>
      tidy(() => {
        const input = call.inputs.input as Tensor
        const positive = add(sub(input, min(input)), 1)
        return original.kernelFunc({ ...call, inputs: { ...call.inputs, input: positive } }) as Tensor
      }),
  }
}
