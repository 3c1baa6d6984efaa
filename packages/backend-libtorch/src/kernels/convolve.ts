/** torch's convolution and its two gradients under TensorFlow's padding. Images are NCHW, filters OIHW. */
import type { backend_util } from '@tensorflow/tfjs-core'
import type { Handle } from '../stable-abi.ts'
import type { Torch } from '../torch.ts'
import { shapeOnly } from './layout.ts'
import { type Padding, windowPadding } from './window.ts'

type Info = backend_util.Conv2DInfo
type Shape4D = readonly [number, number, number, number]

/** @param groups number of separate convolutions over channel groups; the depthwise ones use one per channel */
export function convolve(
  torch: Torch,
  images: Handle,
  filter: Handle,
  bias: Handle | null,
  info: Info,
  groups = 1,
): Handle {
  const { symmetric, explicit } = windowPadding(info)
  const padded = explicit === undefined ? images : torch.call('pad', images, explicit, 'constant', 0)
  const strides = [info.strideHeight, info.strideWidth]
  const dilations = [info.dilationHeight, info.dilationWidth]
  return torch.call('convolution', padded, filter, bias, strides, symmetric, dilations, false, [0, 0], groups)
}

/** @returns the gradient of the images, [N, C, H, W]: a view without the padding where that was explicit */
export function gradientOfInput(torch: Torch, dy: Handle, filter: Handle, info: Info, groups = 1): Handle {
  const { symmetric, explicit } = windowPadding(info)
  const [left, right, top, bottom] = explicit ?? [0, 0, 0, 0]
  const { batchSize, inChannels, inHeight, inWidth } = info
  const images = shapeOnly(torch, [batchSize, inChannels, inHeight + top + bottom, inWidth + left + right])
  const dx = backward(torch, dy, images, filter, symmetric, info, groups, 0)
  if (explicit === undefined) return dx
  const rows = torch.call('slice.Tensor', dx, 2, top, top + inHeight, 1)
  return torch.call('slice.Tensor', rows, 3, left, left + inWidth, 1)
}

/** @returns the gradient of the filter, [O, I, H, W] */
export function gradientOfFilter(
  torch: Torch,
  dy: Handle,
  images: Handle,
  filterShape: Shape4D,
  info: Info,
  groups = 1,
): Handle {
  const { symmetric, explicit } = windowPadding(info)
  const padded = explicit === undefined ? images : torch.call('pad', images, explicit, 'constant', 0)
  return backward(torch, dy, padded, shapeOnly(torch, filterShape), symmetric, info, groups, 1)
}

/** @param wanted 0 for the gradient of the images, 1 for that of the filter */
function backward(
  torch: Torch,
  dy: Handle,
  images: Handle,
  filter: Handle,
  padding: Padding['symmetric'],
  info: Info,
  groups: number,
  wanted: 0 | 1,
): Handle {
  const strides = [info.strideHeight, info.strideWidth]
  const dilations = [info.dilationHeight, info.dilationWidth]
  const mask = [wanted === 0, wanted === 1, false]
  const gradients = torch.callMany(
    'convolution_backward',
    3,
    ...([dy, images, filter, null, strides, padding, dilations, false, [0, 0], groups, mask] as const),
  )
  return gradients[wanted]!
}
