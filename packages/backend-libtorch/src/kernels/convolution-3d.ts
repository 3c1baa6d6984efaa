/** Convolutions of volumes and their gradients. */
import {
  backend_util,
  type Conv3DAttrs,
  type Conv3DBackpropFilterV2Attrs,
  type Conv3DBackpropFilterV2Inputs,
  type Conv3DBackpropInputV2Attrs,
  type Conv3DBackpropInputV2Inputs,
  type Conv3DInputs,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import { type KernelTable, kernel } from '../kernel.ts'
import type { LibtorchBackend } from '../libtorch-backend.ts'
import type { Handle } from '../stable-abi.ts'
import { convolve, gradientOfFilter, gradientOfInput } from './convolve.ts'
import { channelsFirst3D, channelsLast3D } from './layout.ts'
import { requireRank } from './require.ts'
import { windows3D } from './window.ts'

export const convolution3DKernels: KernelTable = {
  Conv3D: kernel<Conv3DInputs, Conv3DAttrs>(({ inputs: { x, filter }, attrs, backend, torch }) => {
    const info = convolutionInfo(x.shape, filter.shape, attrs)
    const volumes = channelsFirst3D(torch, backend.handle(x))
    const y = convolve(torch, volumes, torchFilter(backend, filter), windows3D(info))
    return backend.output(channelsLast3D(torch, y), info.outShape, 'float32')
  }),

  Conv3DBackpropInputV2: kernel<Conv3DBackpropInputV2Inputs, Conv3DBackpropInputV2Attrs>(
    ({ inputs: { dy, filter }, attrs, backend, torch }) => {
      const info = convolutionInfo(attrs.inputShape, filter.shape, attrs)
      const dx = gradientOfInput(
        torch,
        channelsFirst3D(torch, backend.handle(dy)),
        torchFilter(backend, filter),
        [info.batchSize, info.inChannels],
        windows3D(info),
      )
      return backend.output(channelsLast3D(torch, dx), attrs.inputShape, 'float32')
    },
  ),

  Conv3DBackpropFilterV2: kernel<Conv3DBackpropFilterV2Inputs, Conv3DBackpropFilterV2Attrs>(
    ({ inputs: { x, dy }, attrs, backend, torch }) => {
      const info = convolutionInfo(x.shape, attrs.filterShape, attrs)
      const [depth, height, width, input, output] = attrs.filterShape
      const gradient = gradientOfFilter(
        torch,
        channelsFirst3D(torch, backend.handle(dy)),
        channelsFirst3D(torch, backend.handle(x)),
        [output, input, depth, height, width],
        windows3D(info),
      )
      return backend.output(torch.call('permute', gradient, [2, 3, 4, 1, 0]), attrs.filterShape, 'float32')
    },
  ),
}

/** DHWIO → OIDHW view. */
function torchFilter(backend: LibtorchBackend, filter: TensorInfo): Handle {
  return backend.torch.call('permute', backend.handle(filter), [4, 3, 0, 1, 2])
}

function convolutionInfo(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attrs: Pick<Conv3DAttrs, 'strides' | 'pad'> & Partial<Pick<Conv3DAttrs, 'dilations'>>,
): backend_util.Conv3DInfo {
  requireRank(5, inputShape, filterShape)
  return backend_util.computeConv3DInfo(
    inputShape as [number, number, number, number, number],
    filterShape as [number, number, number, number, number],
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
  )
}
