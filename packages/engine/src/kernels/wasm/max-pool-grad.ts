/** The gradient of max pooling. */
import {
  backend_util,
  type KernelConfig,
  type MaxPoolGradAttrs,
  type MaxPoolGradInputs,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import { floats } from './memory.ts'
import { wasmKernel } from './wasm-kernel.ts'

/**
 * Replaces wasm's `MaxPoolGrad`, which loses the gradient of windows without a positive value. The gradient of an
 * output goes to the first largest value of its window.
 */
export const maxPoolGrad: KernelConfig = wasmKernel<
  Record<keyof MaxPoolGradInputs, TensorInfo>,
  MaxPoolGradAttrs
>('MaxPoolGrad', (backend, { dy, input, output }, { filterSize, strides, pad, dimRoundingMode }) => {
  const shape = input.shape as [number, number, number, number]
  const pool = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode)
  const { inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth, padInfo } = pool
  const dx = backend.makeOutput(shape, 'float32')
  const [gradients, values, largest, result] = [dy, input, output, dx].map((tensor) =>
    floats(backend, tensor),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array]
  result.fill(0)
  let position = 0
  for (let image = 0; image < pool.batchSize; image++) {
    for (let y = 0; y < outHeight; y++) {
      const top = y * pool.strideHeight - padInfo.top
      const [firstRow, lastRow] = [Math.max(0, top), Math.min(inHeight, top + filterHeight)]
      for (let x = 0; x < outWidth; x++) {
        const left = x * pool.strideWidth - padInfo.left
        const [firstColumn, lastColumn] = [Math.max(0, left), Math.min(inWidth, left + filterWidth)]
        for (let channel = 0; channel < inChannels; channel++, position++) {
          const sought = largest[position]!
          search: for (let row = firstRow; row < lastRow; row++) {
            const start = (image * inHeight + row) * inWidth
            for (let column = firstColumn; column < lastColumn; column++) {
              const at = (start + column) * inChannels + channel
              if (values[at] !== sought) continue
              result[at]! += gradients[position]!
              break search
            }
          }
        }
      }
    }
  }
  return dx
})
