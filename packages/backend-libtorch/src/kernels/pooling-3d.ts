/** Max and average pooling of volumes with their gradients. */
import {
  type AvgPool3DAttrs,
  type AvgPool3DGradAttrs,
  type AvgPool3DGradInputs,
  type AvgPool3DInputs,
  backend_util,
  type MaxPool3DAttrs,
  type MaxPool3DGradAttrs,
  type MaxPool3DGradInputs,
  type MaxPool3DInputs,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import { type KernelTable, kernel } from '../kernel.ts'
import type { LibtorchBackend } from '../libtorch-backend.ts'
import { channelsFirst3D, channelsLast3D, shapeOnly } from './layout.ts'
import { averagePool, averagePoolGradient, maxPool, maxPoolGradient } from './pool.ts'
import { windows3D } from './window.ts'

export const pooling3DKernels: KernelTable = {
  MaxPool3D: kernel<MaxPool3DInputs, MaxPool3DAttrs>(({ inputs: { x }, attrs, backend, torch }) => {
    const info = poolInfo(x.shape, attrs)
    const windows = windows3D(info)
    if (info.outShape.includes(0)) return nothing(backend, info)
    const { values } = maxPool(torch, channelsFirst3D(torch, backend.handle(x)), windows)
    return backend.output(channelsLast3D(torch, values), info.outShape, 'float32')
  }),

  MaxPool3DGrad: kernel<MaxPool3DGradInputs, MaxPool3DGradAttrs>(
    ({ inputs: { dy, input }, attrs, backend, torch }) => {
      const gradient = channelsFirst3D(torch, backend.handle(dy))
      const volumes = channelsFirst3D(torch, backend.handle(input))
      const dx = maxPoolGradient(torch, gradient, volumes, windows3D(poolInfo(input.shape, attrs)))
      return backend.output(channelsLast3D(torch, dx), input.shape, 'float32')
    },
  ),

  AvgPool3D: kernel<AvgPool3DInputs, AvgPool3DAttrs>(({ inputs: { x }, attrs, backend, torch }) => {
    const info = poolInfo(x.shape, attrs)
    const windows = windows3D(info)
    if (info.outShape.includes(0)) return nothing(backend, info)
    const y = averagePool(torch, channelsFirst3D(torch, backend.handle(x)), windows)
    return backend.output(channelsLast3D(torch, y), info.outShape, 'float32')
  }),

  AvgPool3DGrad: kernel<AvgPool3DGradInputs, AvgPool3DGradAttrs>(
    ({ inputs: { dy, input }, attrs, backend, torch }) => {
      const gradient = channelsFirst3D(torch, backend.handle(dy))
      const volumes = channelsFirst3D(torch, backend.handle(input))
      const dx = averagePoolGradient(torch, gradient, volumes, windows3D(poolInfo(input.shape, attrs)))
      return backend.output(channelsLast3D(torch, dx), input.shape, 'float32')
    },
  ),
}

/** What is left of volumes smaller than the window. */
function nothing(backend: LibtorchBackend, { outShape }: backend_util.Conv3DInfo): TensorInfo {
  return backend.output(shapeOnly(backend.torch, outShape), outShape, 'float32')
}

function poolInfo(
  shape: number[],
  { filterSize, strides, pad, dimRoundingMode }: MaxPool3DGradAttrs,
): backend_util.Conv3DInfo {
  const shape5D = shape as [number, number, number, number, number]
  return backend_util.computePool3DInfo(shape5D, filterSize, strides, 1, pad, dimRoundingMode)
}
