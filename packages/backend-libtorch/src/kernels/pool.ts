/** torch's poolings and their gradients under TensorFlow's padding. Images are NCHW, volumes NCDHW. */
import type { Handle } from '../stable-abi.ts'
import type { Torch } from '../torch.ts'
import { pad, unpad } from './pad.ts'
import { type Windows, withExplicitPadding } from './window.ts'

const operators2D = {
  max: 'max_pool2d_with_indices',
  maxGradient: 'max_pool2d_with_indices_backward',
  average: 'avg_pool2d',
  averageGradient: 'avg_pool2d_backward',
} as const
const operators3D = {
  max: 'max_pool3d_with_indices',
  maxGradient: 'max_pool3d_with_indices_backward',
  average: 'avg_pool3d',
  averageGradient: 'avg_pool3d_backward',
} as const

export interface MaxPooled {
  readonly values: Handle
  /** Where in its padded image each value comes from, int64, row-major without batch and channel. */
  readonly positions: Handle
  /** How the images were padded to that end, as `pad` takes it; undefined for not at all. */
  readonly explicit: Windows['explicit']
}

/** The largest elements of the windows. The padding counts as -∞, and so does NaN. */
export function maxPool(torch: Torch, x: Handle, windows: Windows): MaxPooled {
  const { images, window, explicit } = maxWindows(torch, x, windows)
  const [values, positions] = torch.callMany(operators(windows).max, 2, images, ...window)
  return { values: values!, positions: positions!, explicit }
}

/**
 * @param dy the gradient of `maxPool(torch, x, windows)`
 * @param positions those that it returned, where they are at hand
 */
export function maxPoolGradient(
  torch: Torch,
  dy: Handle,
  x: Handle,
  windows: Windows,
  positions?: Handle,
): Handle {
  const { images, window, explicit } = maxWindows(torch, x, windows, positions === undefined)
  const { max, maxGradient } = operators(windows)
  const sources = positions ?? torch.callMany(max, 2, images, ...window)[1]!
  return unpad(torch, torch.call(maxGradient, dy, images, ...window, sources), explicit)
}

/**
 * The means of the elements in the windows; the padding is not counted. Of a window over padding alone, tfjs makes NaN
 * in images and 0 in volumes.
 */
export function averagePool(torch: Torch, x: Handle, windows: Windows): Handle {
  const { filter, strides, padding, explicit } = torchWindows(windows)
  const { average } = operators(windows)
  if (explicit === undefined) return torch.call(average, x, filter, strides, padding, false, false, null)
  const padded = pad(torch, x, explicit)
  const sums = torch.call(average, padded, filter, strides, padding, false, true, 1)
  const counts = windowCounts(torch, windows)
  const isImage = windows.sizes.length === 2
  return torch.call('div.Tensor', sums, isImage ? counts : atLeastOne(torch, counts))
}

/** @param dy the gradient of `averagePool(torch, x, windows)` */
export function averagePoolGradient(torch: Torch, dy: Handle, x: Handle, windows: Windows): Handle {
  const { filter, strides, padding, explicit } = torchWindows(windows)
  const { averageGradient } = operators(windows)
  if (explicit === undefined) {
    return torch.call(averageGradient, dy, x, filter, strides, padding, false, false, null)
  }
  const shares = torch.call('div.Tensor', dy, atLeastOne(torch, windowCounts(torch, windows)))
  const padded = pad(torch, x, explicit)
  const dx = torch.call(averageGradient, shares, padded, filter, strides, padding, false, true, 1)
  return unpad(torch, dx, explicit)
}

function operators({ sizes }: Windows): typeof operators2D | typeof operators3D {
  return sizes.length === 2 ? operators2D : operators3D
}

/** torch's poolings pad at most half a window themselves, and volumes only where a window fits in without. */
function torchWindows(windows: Windows): Windows {
  const { sizes, filter, padding } = windows
  const isNarrow = padding.every((width, i) => 2 * width <= filter[i]! && filter[i]! <= sizes[i]!)
  return isNarrow ? windows : withExplicitPadding(windows)
}

/** @param withoutNaN whether NaN is replaced by -∞: where the values matter */
function maxWindows(torch: Torch, x: Handle, windows: Windows, withoutNaN = true) {
  const { filter, strides, padding, dilations, explicit } = torchWindows(windows)
  const lowest = Number.NEGATIVE_INFINITY
  const numbers = withoutNaN ? torch.call('nan_to_num', x, lowest, Number.POSITIVE_INFINITY, lowest) : x
  const images = pad(torch, numbers, explicit, lowest)
  return { images, window: [filter, strides, padding, dilations, false] as const, explicit }
}

/** How many elements of the input each window covers: [1, 1, ...counts]. */
function windowCounts(torch: Torch, windows: Windows): Handle {
  const { sizes, filter, strides, padding, explicit } = withExplicitPadding(windows)
  const ones = torch.call('expand', torch.constant(1), [1, 1, ...sizes], false)
  const padded = pad(torch, ones, explicit)
  return torch.call(operators(windows).average, padded, filter, strides, padding, false, true, 1)
}

function atLeastOne(torch: Torch, counts: Handle): Handle {
  return torch.call('maximum', counts, torch.constant(1))
}
