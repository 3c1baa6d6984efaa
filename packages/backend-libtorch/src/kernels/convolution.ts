/** Convolutions and their gradients. */
import {
  backend_util,
  type Conv2DAttrs,
  type Conv2DBackpropFilterAttrs,
  type Conv2DBackpropFilterInputs,
  type Conv2DBackpropInputAttrs,
  type Conv2DBackpropInputInputs,
  type Conv2DInputs,
  type FusedConv2DAttrs,
  type FusedConv2DInputs,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import { type KernelTable, kernel } from '../kernel.ts'
import type { LibtorchBackend } from '../libtorch-backend.ts'
import type { Handle } from '../stable-abi.ts'
import { activate } from './activation.ts'
import { convolve, gradientOfFilter, gradientOfInput } from './convolve.ts'
import { channelsFirst, channelsLast, convolutionFilter, outputChannelsLast } from './layout.ts'
import { requireRank } from './require.ts'
import { windows2D } from './window.ts'

type DataFormat = 'NHWC' | 'NCHW'

export const convolutionKernels: KernelTable = {
  Conv2D: kernel<Conv2DInputs, Conv2DAttrs>(({ inputs: { x, filter }, attrs, backend }) => {
    const info = convolutionInfo(x.shape, filter.shape, attrs)
    const y = convolve(
      backend.torch,
      toTorch(backend, x, attrs.dataFormat),
      convolutionFilter(backend, filter),
      windows2D(info),
    )
    return backend.output(fromTorch(backend, y, attrs.dataFormat), info.outShape, 'float32')
  }),

  FusedConv2D: kernel<FusedConv2DInputs, FusedConv2DAttrs, 'bias' | 'preluActivationWeights'>(
    ({ inputs, attrs, backend, torch }) => {
      const { x, filter, bias, preluActivationWeights } = inputs
      const info = convolutionInfo(x.shape, filter.shape, attrs)
      const y = convolve(
        torch,
        toTorch(backend, x, attrs.dataFormat),
        convolutionFilter(backend, filter),
        windows2D(info),
      )
      const perChannel = (tensor: TensorInfo): Handle => {
        const isVector = tensor.shape.length === 1 && attrs.dataFormat === 'NCHW'
        return isVector ? torch.call('reshape', backend.handle(tensor), [-1, 1, 1]) : backend.handle(tensor)
      }
      const images = fromTorch(backend, y, attrs.dataFormat)
      const sum = bias === undefined ? images : torch.add(images, perChannel(bias))
      const slopes = preluActivationWeights && perChannel(preluActivationWeights)
      const result = activate(torch, sum, {
        activation: attrs.activation,
        leakyreluAlpha: attrs.leakyreluAlpha,
        slopes,
      })
      return backend.output(result, info.outShape, 'float32')
    },
  ),

  Conv2DBackpropInput: kernel<Conv2DBackpropInputInputs, Conv2DBackpropInputAttrs>(
    ({ inputs: { dy, filter }, attrs, backend, torch }) => {
      const info = convolutionInfo(attrs.inputShape, filter.shape, attrs)
      const gradient = toTorch(backend, dy, attrs.dataFormat)
      const dx = gradientOfInput(
        torch,
        gradient,
        convolutionFilter(backend, filter),
        [info.batchSize, info.inChannels],
        windows2D(info),
      )
      return backend.output(fromTorch(backend, dx, attrs.dataFormat), attrs.inputShape, 'float32')
    },
  ),

  Conv2DBackpropFilter: kernel<Conv2DBackpropFilterInputs, Conv2DBackpropFilterAttrs>(
    ({ inputs: { x, dy }, attrs, backend, torch }) => {
      const info = convolutionInfo(x.shape, attrs.filterShape, attrs)
      const [height, width, input, output] = attrs.filterShape
      const gradient = toTorch(backend, dy, attrs.dataFormat)
      const images = toTorch(backend, x, attrs.dataFormat)
      const shape = [output, input, height, width]
      const filterGradient = gradientOfFilter(torch, gradient, images, shape, windows2D(info))
      const exact = torch.to(filterGradient, torch.abi.dataTypes.float32)
      return backend.output(outputChannelsLast(torch, exact), attrs.filterShape, 'float32')
    },
  ),
}

function convolutionInfo(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attrs: Pick<Conv2DAttrs, 'strides' | 'pad' | 'dataFormat' | 'dimRoundingMode'> &
    Partial<Pick<Conv2DAttrs, 'dilations'>>,
): backend_util.Conv2DInfo {
  requireRank(4, inputShape, filterShape)
  return backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    attrs.dimRoundingMode,
    false,
    backend_util.convertConv2DDataFormat(attrs.dataFormat),
  )
}

function toTorch(backend: LibtorchBackend, images: TensorInfo, dataFormat: DataFormat): Handle {
  const handle = backend.factor(images)
  return dataFormat === 'NCHW' ? handle : channelsFirst(backend.torch, handle)
}

function fromTorch(backend: LibtorchBackend, images: Handle, dataFormat: DataFormat): Handle {
  return dataFormat === 'NCHW' ? images : channelsLast(backend.torch, images)
}
