/** Max and average pooling with their gradients. */
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
} from '@tensorflow/tfjs-core'
import { type KernelTable, kernel } from '../kernel.ts'
import type { Handle } from '../stable-abi.ts'
import type { Torch } from '../torch.ts'
import { channelsFirst, channelsLast } from './layout.ts'
import { type Padding, windowPadding } from './window.ts'

type Info = backend_util.Conv2DInfo

export const poolingKernels: KernelTable = {
  MaxPool: kernel<MaxPoolInputs, MaxPoolAttrs>(({ inputs: { x }, attrs, backend, torch }) => {
    const info = poolInfo(x.shape, attrs)
    const { values } = maxPool(torch, channelsFirst(torch, backend.handle(x)), info)
    return backend.output(channelsLast(torch, values), info.outShape, x.dtype)
  }),

  MaxPoolGrad: kernel<MaxPoolGradInputs, MaxPoolGradAttrs>(
    ({ inputs: { dy, input }, attrs, backend, torch }) => {
      const info = poolInfo(input.shape, attrs)
      const { images, positions, window, explicit } = maxPool(
        torch,
        channelsFirst(torch, backend.handle(input)),
        info,
      )
      const gradient = channelsFirst(torch, backend.handle(dy))
      const dx = torch.call('max_pool2d_with_indices_backward', gradient, images, ...window, positions)
      return backend.output(
        channelsLast(torch, withoutPadding(torch, dx, explicit, info)),
        input.shape,
        'float32',
      )
    },
  ),

  AvgPool: kernel<AvgPoolInputs, AvgPoolAttrs>(({ inputs: { x }, attrs, backend, torch }) => {
    const info = poolInfo(x.shape, attrs)
    const images = channelsFirst(torch, backend.handle(x))
    const { symmetric, explicit } = windowPadding(info)
    const kernelSize = [info.filterHeight, info.filterWidth]
    const strides = [info.strideHeight, info.strideWidth]
    const y =
      explicit === undefined
        ? torch.call('avg_pool2d', images, kernelSize, strides, symmetric, false, false, null)
        : torch.call(
            'div.Tensor',
            torch.call(
              'avg_pool2d',
              pad(torch, images, explicit, 0),
              kernelSize,
              strides,
              [0, 0],
              false,
              true,
              1,
            ),
            windowCounts(torch, explicit, info),
          )
    return backend.output(channelsLast(torch, y), info.outShape, 'float32')
  }),

  AvgPoolGrad: kernel<AvgPoolGradInputs, AvgPoolGradAttrs>(
    ({ inputs: { dy, input }, attrs, backend, torch }) => {
      const info = poolInfo(input.shape, attrs)
      const { symmetric, explicit } = windowPadding(info)
      const kernelSize = [info.filterHeight, info.filterWidth]
      const strides = [info.strideHeight, info.strideWidth]
      const images = channelsFirst(torch, backend.handle(input))
      const gradient = channelsFirst(torch, backend.handle(dy))
      const dx =
        explicit === undefined
          ? torch.call(
              'avg_pool2d_backward',
              gradient,
              images,
              kernelSize,
              strides,
              symmetric,
              false,
              false,
              null,
            )
          : torch.call(
              'avg_pool2d_backward',
              torch.call('div.Tensor', gradient, windowCounts(torch, explicit, info)),
              pad(torch, images, explicit, 0),
              ...([kernelSize, strides, [0, 0], false, true, 1] as const),
            )
      return backend.output(
        channelsLast(torch, withoutPadding(torch, dx, explicit, info)),
        input.shape,
        'float32',
      )
    },
  ),
}

function poolInfo(
  shape: number[],
  { filterSize, strides, pad: padding, dimRoundingMode }: MaxPoolAttrs,
): backend_util.Conv2DInfo {
  const shape4D = shape as [number, number, number, number]
  return backend_util.computePool2DInfo(shape4D, filterSize, strides, 1, padding, dimRoundingMode)
}

function pad(torch: Torch, images: Handle, padding: readonly number[], value: number): Handle {
  return torch.call('pad', images, padding, 'constant', value)
}

/** Max pooling; the padding counts as -∞. torch itself pads at most half a window. */
function maxPool(torch: Torch, x: Handle, info: Info) {
  const { symmetric, explicit } = maxPadding(info)
  const images = explicit === undefined ? x : pad(torch, x, explicit, Number.NEGATIVE_INFINITY)
  const kernelSize = [info.filterHeight, info.filterWidth]
  const strides = [info.strideHeight, info.strideWidth]
  const window = [kernelSize, strides, symmetric, [info.dilationHeight, info.dilationWidth], false] as const
  const [values, positions] = torch.callMany('max_pool2d_with_indices', 2, images, ...window) as [
    Handle,
    Handle,
  ]
  return { values, positions, images, window, explicit }
}

function maxPadding(info: Info): Padding {
  const padding = windowPadding(info)
  const [top, left] = padding.symmetric
  if (2 * top <= info.filterHeight && 2 * left <= info.filterWidth) return padding
  return { symmetric: [0, 0], explicit: [left, left, top, top] }
}

/** How many elements of the image each window covers: [1, 1, outHeight, outWidth]. */
function windowCounts(torch: Torch, explicit: readonly number[], info: Info): Handle {
  const ones = torch.call('expand', torch.constant(1), [1, 1, info.inHeight, info.inWidth], false)
  const kernelSize = [info.filterHeight, info.filterWidth]
  const strides = [info.strideHeight, info.strideWidth]
  return torch.call('avg_pool2d', pad(torch, ones, explicit, 0), kernelSize, strides, [0, 0], false, true, 1)
}

function withoutPadding(torch: Torch, dx: Handle, explicit: Padding['explicit'], info: Info): Handle {
  if (explicit === undefined) return dx
  const [left, , top] = explicit
  const rows = torch.call('slice.Tensor', dx, 2, top, top + info.inHeight, 1)
  return torch.call('slice.Tensor', rows, 3, left, left + info.inWidth, 1)
}
