/** Depthwise convolutions: one group of filters per input channel. */
import {
  backend_util,
  type DepthwiseConv2dNativeAttrs,
  type DepthwiseConv2dNativeBackpropFilterAttrs,
  type DepthwiseConv2dNativeBackpropFilterInputs,
  type DepthwiseConv2dNativeBackpropInputAttrs,
  type DepthwiseConv2dNativeBackpropInputInputs,
  type DepthwiseConv2dNativeInputs,
  type FusedDepthwiseConv2DAttrs,
  type FusedDepthwiseConv2DInputs,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import { type KernelTable, kernel } from '../kernel.ts'
import type { LibtorchBackend } from '../libtorch-backend.ts'
import { LibtorchError } from '../libtorch-error.ts'
import type { Handle } from '../stable-abi.ts'
import { activate } from './activation.ts'
import { convolve, gradientOfFilter, gradientOfInput } from './convolve.ts'
import { channelsFirst, channelsLast } from './layout.ts'
import { requireRank } from './require.ts'
import { windows2D } from './window.ts'

export const depthwiseConvolutionKernels: KernelTable = {
  DepthwiseConv2dNative: kernel<DepthwiseConv2dNativeInputs, DepthwiseConv2dNativeAttrs>(
    ({ inputs: { x, filter }, attrs, backend, torch }) => {
      const info = depthwiseInfo(x.shape, filter.shape, attrs)
      const images = channelsFirst(torch, backend.handle(x))
      const y = convolve(torch, images, groupedFilter(backend, filter), windows2D(info), info.inChannels)
      return backend.output(channelsLast(torch, y), info.outShape, 'float32')
    },
  ),

  FusedDepthwiseConv2D: kernel<
    FusedDepthwiseConv2DInputs,
    FusedDepthwiseConv2DAttrs,
    'bias' | 'preluActivationWeights'
  >(({ inputs: { x, filter, bias, preluActivationWeights }, attrs, backend, torch }) => {
    const info = depthwiseInfo(x.shape, filter.shape, attrs)
    const images = channelsFirst(torch, backend.handle(x))
    const y = channelsLast(
      torch,
      convolve(torch, images, groupedFilter(backend, filter), windows2D(info), info.inChannels),
    )
    const sum = bias === undefined ? y : torch.add(y, backend.handle(bias))
    const { activation, leakyreluAlpha } = attrs
    const slopes = preluActivationWeights && backend.handle(preluActivationWeights)
    return backend.output(
      activate(torch, sum, { activation, leakyreluAlpha, slopes }),
      info.outShape,
      'float32',
    )
  }),

  DepthwiseConv2dNativeBackpropInput: kernel<
    DepthwiseConv2dNativeBackpropInputInputs,
    DepthwiseConv2dNativeBackpropInputAttrs
  >(({ inputs: { dy, filter }, attrs, backend, torch }) => {
    const info = depthwiseInfo(attrs.inputShape, filter.shape, attrs)
    const gradient = channelsFirst(torch, backend.handle(dy))
    const dx = gradientOfInput(
      torch,
      gradient,
      groupedFilter(backend, filter),
      [info.batchSize, info.inChannels],
      windows2D(info),
      info.inChannels,
    )
    return backend.output(channelsLast(torch, dx), attrs.inputShape, 'float32')
  }),

  DepthwiseConv2dNativeBackpropFilter: kernel<
    DepthwiseConv2dNativeBackpropFilterInputs,
    DepthwiseConv2dNativeBackpropFilterAttrs
  >(({ inputs: { x, dy }, attrs, backend, torch }) => {
    const info = depthwiseInfo(x.shape, attrs.filterShape, attrs)
    const [height, width, channels, multiplier] = attrs.filterShape
    const gradient = gradientOfFilter(
      torch,
      channelsFirst(torch, backend.handle(dy)),
      channelsFirst(torch, backend.handle(x)),
      [channels * multiplier, 1, height, width],
      windows2D(info),
      channels,
    )
    const separated = torch.call('reshape', gradient, [channels, multiplier, height, width])
    return backend.output(torch.call('permute', separated, [2, 3, 0, 1]), attrs.filterShape, 'float32')
  }),
}

/** [H, W, C, M] → [C·M, 1, H, W]. */
function groupedFilter(backend: LibtorchBackend, filter: TensorInfo): Handle {
  const { torch } = backend
  const [height, width] = filter.shape as [number, number]
  const channelsAhead = torch.call('permute', backend.handle(filter), [2, 3, 0, 1])
  return torch.call('reshape', channelsAhead, [-1, 1, height, width])
}

function depthwiseInfo(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attrs: Pick<DepthwiseConv2dNativeAttrs, 'strides' | 'pad' | 'dilations' | 'dimRoundingMode'>,
): backend_util.Conv2DInfo {
  requireRank(4, inputShape, filterShape)
  if (!backend_util.eitherStridesOrDilationsAreOne(attrs.strides, attrs.dilations ?? 1)) {
    throw new LibtorchError(
      `Either strides or dilations must be 1, got strides ${attrs.strides} and dilations ${attrs.dilations}.`,
    )
  }
  return backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    attrs.strides,
    attrs.dilations ?? [1, 1],
    attrs.pad,
    attrs.dimRoundingMode,
    true,
  )
}
