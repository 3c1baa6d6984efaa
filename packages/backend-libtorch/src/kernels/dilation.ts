/** Grey-scale dilation, the largest sum of image and filter in each window, and its gradients. */
import {
  backend_util,
  type Dilation2DAttrs,
  type Dilation2DBackpropFilterInputs,
  type Dilation2DBackpropInputInputs,
  type Dilation2DInputs,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import { type KernelTable, kernel } from '../kernel.ts'
import type { LibtorchBackend } from '../libtorch-backend.ts'
import { LibtorchError } from '../libtorch-error.ts'
import type { Handle } from '../stable-abi.ts'
import { cast } from './cast.ts'
import { channelsFirst, channelsLast } from './layout.ts'
import { pad, unpad } from './pad.ts'
import { requireOneType } from './require.ts'
import { truncate } from './truncate.ts'
import { type Windows, windows2D, withExplicitPadding } from './window.ts'

interface Sums {
  /** Image plus filter at each place of each window: [N, C, places, windows], float32. */
  readonly sums: Handle
  readonly windows: Windows
  readonly outShape: [number, number, number, number]
}

export const dilationKernels: KernelTable = {
  Dilation2D: kernel<Dilation2DInputs, Dilation2DAttrs>(
    ({ inputs: { x, filter }, attrs, backend, torch }) => {
      const { sums, windows, outShape } = windowSums(backend, x, filter, attrs)
      const [batch, , , channels] = outShape
      const largest = torch.call('amax', sums, [2], false)
      const images = torch.call('reshape', largest, [batch, channels, ...windows.counts])
      return backend.output(channelsLast(torch, truncate(torch, images, x.dtype)), outShape, x.dtype)
    },
  ),

  Dilation2DBackpropFilter: kernel<Dilation2DBackpropFilterInputs, Dilation2DAttrs>(
    ({ inputs: { x, filter, dy }, attrs, backend, torch }) => {
      const { gradient } = sumsGradient(backend, x, filter, dy, attrs)
      const perPlace = torch.call('sum.dim_IntList', gradient, [0, 3], false, null)
      const places = torch.call('transpose.int', perPlace, 0, 1)
      const shaped = torch.call('reshape', places, filter.shape)
      return backend.output(truncate(torch, shaped, filter.dtype), filter.shape, filter.dtype)
    },
  ),

  Dilation2DBackpropInput: kernel<Dilation2DBackpropInputInputs, Dilation2DAttrs>(
    ({ inputs: { x, filter, dy }, attrs, backend, torch }) => {
      const { gradient, windows } = sumsGradient(backend, x, filter, dy, attrs)
      const { paddedSizes, dilations, padding, strides, explicit } = windows
      const columns = torch.call('reshape', gradient, [
        x.shape[0]!,
        -1,
        windows.counts[0]! * windows.counts[1]!,
      ])
      const images = torch.call('col2im', columns, paddedSizes, windows.filter, dilations, padding, strides)
      const dx = channelsLast(torch, unpad(torch, images, explicit))
      return backend.output(truncate(torch, dx, x.dtype), x.shape, x.dtype)
    },
  ),
}

/** The padding counts as tfjs's lowest number. */
function windowSums(
  backend: LibtorchBackend,
  x: TensorInfo,
  filter: TensorInfo,
  { strides, pad: padding, dilations }: Dilation2DAttrs,
): Sums {
  const { torch } = backend
  requireOneType([x, filter])
  if (filter.shape.length !== 3 || filter.shape[2] !== x.shape[3]) {
    throw new LibtorchError(`The filter must have the channels of [${x.shape}], got [${filter.shape}].`)
  }
  const shape = x.shape as [number, number, number, number]
  const filterShape = filter.shape as [number, number, number]
  const info = backend_util.computeDilation2DInfo(shape, filterShape, strides, padding, 'NHWC', dilations)
  const windows = withExplicitPadding(windows2D(info))
  const [height, width, channels] = filterShape
  const images = channelsFirst(torch, cast(torch, backend.handle(x), 'float32'))
  const padded = pad(torch, images, windows.explicit, Number.MIN_SAFE_INTEGER)
  const columns = torch.call('im2col', padded, windows.filter, windows.dilations, [0, 0], windows.strides)
  const places = torch.call('reshape', columns, [info.batchSize, channels, height * width, -1])
  const weights = torch.call('reshape', cast(torch, backend.handle(filter), 'float32'), [-1, channels, 1])
  const sums = torch.add(places, torch.call('transpose.int', weights, 0, 1))
  return { sums, windows, outShape: info.outShape }
}

/** Each window's gradient at the place of its largest sum, the first of equal ones, and zeros elsewhere. */
function sumsGradient(
  backend: LibtorchBackend,
  x: TensorInfo,
  filter: TensorInfo,
  dy: TensorInfo,
  attrs: Dilation2DAttrs,
): { gradient: Handle; windows: Windows } {
  const { torch } = backend
  requireOneType([x, dy])
  const { sums, windows, outShape } = windowSums(backend, x, filter, attrs)
  if (dy.shape.join() !== outShape.join()) {
    throw new LibtorchError(`dy must have the shape [${outShape}], got [${dy.shape}].`)
  }
  const [batch, height, width, channels] = outShape
  const winners = torch.call('argmax', sums, 2, true)
  const values = channelsFirst(torch, cast(torch, backend.handle(dy), 'float32'))
  const flat = torch.call('reshape', values, [batch, channels, 1, height * width])
  const zeros = torch.call('zeros_like', sums, null, null, null, null, null)
  return { gradient: torch.call('scatter_add', zeros, 2, winners, flat), windows }
}
