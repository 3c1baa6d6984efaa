/** Max and average pooling of images with their gradients. */
import {
  type AvgPoolAttrs,
  type AvgPoolGradAttrs,
  type AvgPoolGradInputs,
  type AvgPoolInputs,
  backend_util,
  type MaxPoolAttrs,
  type MaxPoolGradAttrs,
  type MaxPoolGradInputs,
  type MaxPoolInputs,
  type MaxPoolWithArgmaxAttrs,
  type MaxPoolWithArgmaxInputs,
  util,
} from '@tensorflow/tfjs-core'
import { type KernelTable, kernel } from '../kernel.ts'
import type { Handle } from '../stable-abi.ts'
import type { Torch } from '../torch.ts'
import { cast } from './cast.ts'
import { channelsFirst, channelsLast } from './layout.ts'
import { pad } from './pad.ts'
import { averagePool, averagePoolGradient, type MaxPooled, maxPool, maxPoolGradient } from './pool.ts'
import { windows2D } from './window.ts'

type Info = backend_util.Conv2DInfo

export const poolingKernels: KernelTable = {
  MaxPool: kernel<MaxPoolInputs, MaxPoolAttrs>(({ inputs: { x }, attrs, backend, torch }) => {
    const info = poolInfo(x.shape, attrs)
    if (isIdentity(info)) return backend.share(x)
    const { values, positions } = maxPool(torch, channelsFirst(torch, backend.activation(x)), windows2D(info))
    const y = backend.output(channelsLast(torch, values), info.outShape, x.dtype)
    backend.leave(y, positions)
    return y
  }),

  MaxPoolGrad: kernel<MaxPoolGradInputs, MaxPoolGradAttrs>(
    ({ inputs: { dy, input, output }, attrs, backend, torch }) => {
      const images = channelsFirst(torch, backend.activation(input))
      const gradient = channelsFirst(torch, torch.to(backend.activation(dy), torch.dataType(images)))
      const windows = windows2D(poolInfo(input.shape, attrs))
      const dx = maxPoolGradient(torch, gradient, images, windows, backend.byproduct(output))
      return backend.output(channelsLast(torch, dx), input.shape, 'float32')
    },
  ),

  MaxPoolWithArgmax: kernel<MaxPoolWithArgmaxInputs, MaxPoolWithArgmaxAttrs>(
    ({ inputs: { x }, attrs, backend, torch }) => {
      const info = poolInfo(x.shape, attrs)
      const pooled = maxPool(torch, channelsFirst(torch, backend.handle(x)), windows2D(info))
      const positions = flatPositions(torch, pooled, info, attrs.includeBatchInIndex)
      return [
        backend.output(channelsLast(torch, pooled.values), info.outShape, x.dtype),
        backend.output(cast(torch, positions, 'int32'), info.outShape, 'int32'),
      ]
    },
  ),

  AvgPool: kernel<AvgPoolInputs, AvgPoolAttrs>(({ inputs: { x }, attrs, backend, torch }) => {
    const info = poolInfo(x.shape, attrs)
    if (isIdentity(info)) return backend.share(x)
    const y = averagePool(torch, channelsFirst(torch, backend.handle(x)), windows2D(info))
    return backend.output(channelsLast(torch, y), info.outShape, 'float32')
  }),

  AvgPoolGrad: kernel<AvgPoolGradInputs, AvgPoolGradAttrs>(
    ({ inputs: { dy, input }, attrs, backend, torch }) => {
      const gradient = channelsFirst(torch, backend.handle(dy))
      const images = channelsFirst(torch, backend.handle(input))
      const dx = averagePoolGradient(torch, gradient, images, windows2D(poolInfo(input.shape, attrs)))
      return backend.output(channelsLast(torch, dx), input.shape, 'float32')
    },
  ),
}

function poolInfo(shape: number[], attrs: MaxPoolAttrs | MaxPoolWithArgmaxAttrs): Info {
  const { filterSize, strides, pad } = attrs
  const rounding = 'dimRoundingMode' in attrs ? attrs.dimRoundingMode : undefined
  const shape4D = shape as [number, number, number, number]
  return backend_util.computePool2DInfo(shape4D, filterSize, strides, 1, pad, rounding)
}

/** tfjs defines pooling by single elements into the same shape to do nothing, whatever stride and padding say. */
function isIdentity({ filterHeight, filterWidth, inShape, outShape }: Info): boolean {
  return filterHeight === 1 && filterWidth === 1 && util.arraysEqual(inShape, outShape)
}

/** Positions of the maxima in the NHWC input, flattened with or without the batch; -1 for a window over padding alone. */
function flatPositions(
  torch: Torch,
  { positions, explicit }: MaxPooled,
  { inHeight, inWidth, inChannels, batchSize, outShape }: Info,
  includeBatch: boolean,
): Handle {
  const pixels = count(torch, inHeight * inWidth, inChannels, [inHeight, inWidth])
  const paddedPixels = torch.call('reshape', pad(torch, pixels, explicit, Number.NEGATIVE_INFINITY), [-1])
  const flat = torch.call('reshape', channelsLast(torch, positions), [-1])
  const chosen = torch.call('reshape', torch.call('index_select', paddedPixels, 0, flat), outShape)
  const inImage = torch.add(chosen, count(torch, inChannels, 1, [inChannels]))
  const perImage = includeBatch ? inHeight * inWidth * inChannels : 0
  const inBatch = torch.add(inImage, count(torch, batchSize, perImage, [batchSize, 1, 1, 1]))
  return torch.call('maximum', inBatch, torch.constant(-1))
}

/** The numbers 0, step, 2·step, … in a shape, in double precision, which holds every position. */
function count(torch: Torch, size: number, step: number, shape: readonly number[]): Handle {
  const numbers = Float64Array.from({ length: size }, (_, i) => i * step)
  return torch.tensor(numbers, shape, { source: 'float64' })
}
