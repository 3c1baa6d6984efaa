/** torch's convolution and its two gradients under TensorFlow's padding. Images are NCHW or NCDHW, filters OIHW or OIDHW. */
import type { Handle } from '../stable-abi.ts'
import type { Torch } from '../torch.ts'
import { shapeOnly } from './layout.ts'
import { pad, unpad } from './pad.ts'
import type { Windows } from './window.ts'

/** @param groups number of separate convolutions over channel groups; the depthwise ones use one per channel */
export function convolve(torch: Torch, images: Handle, filter: Handle, windows: Windows, groups = 1): Handle {
  const { strides, padding, dilations, explicit } = windows
  return torch.call(
    'convolution',
    pad(torch, images, explicit),
    filter,
    null,
    strides,
    padding,
    dilations,
    false,
    noOutputPadding(windows),
    groups,
  )
}

/**
 * @param imagesShape batch and channels of the images, before their spatial sizes
 * @returns the gradient of the images
 */
export function gradientOfInput(
  torch: Torch,
  dy: Handle,
  filter: Handle,
  imagesShape: readonly [batch: number, channels: number],
  windows: Windows,
  groups = 1,
): Handle {
  const images = shapeOnly(torch, [...imagesShape, ...windows.paddedSizes], torch.dataType(dy))
  return unpad(torch, backward(torch, dy, images, filter, windows, groups, 0), windows.explicit)
}

/**
 * Pixels that no filter of a single one meets are left out first: with them, oneDNN's gradient of such filters crashes
 * for some numbers of channels (8 channels, stride 2, 9 images; seen with PyTorch 2.15).
 *
 * @returns the gradient of the filter, of shape `filterShape`
 */
export function gradientOfFilter(
  torch: Torch,
  dy: Handle,
  images: Handle,
  filterShape: readonly number[],
  windows: Windows,
  groups = 1,
): Handle {
  const filter = shapeOnly(torch, filterShape, torch.dataType(dy))
  const padded = pad(torch, images, windows.explicit)
  const isOnePixel = windows.filter.every((size) => size === 1) && windows.padding.every((size) => size === 0)
  if (!isOnePixel) return backward(torch, dy, padded, filter, windows, groups, 1)
  const { counts, strides } = windows
  const met = strides.reduce(
    (rest, stride, axis) =>
      stride === 1 ? rest : torch.call('slice.Tensor', rest, axis + 2, null, null, stride),
    padded,
  )
  const dense = { ...windows, sizes: counts, paddedSizes: counts, strides: counts.map(() => 1) }
  return backward(torch, dy, met, filter, dense, groups, 1)
}

/** @param wanted 0 for the gradient of the images, 1 for that of the filter */
function backward(
  torch: Torch,
  dy: Handle,
  images: Handle,
  filter: Handle,
  windows: Windows,
  groups: number,
  wanted: 0 | 1,
): Handle {
  const { strides, padding, dilations } = windows
  const mask = [wanted === 0, wanted === 1, false]
  const gradients = torch.callMany(
    'convolution_backward',
    3,
    ...([dy, images, filter, null, strides, padding, dilations] as const),
    ...([false, noOutputPadding(windows), groups, mask] as const),
  )
  return gradients[wanted]!
}

function noOutputPadding({ sizes }: Windows): number[] {
  return sizes.map(() => 0)
}
