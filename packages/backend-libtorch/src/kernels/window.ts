/** Windows of convolutions and poolings: TensorFlow's padding expressed in torch's. */
import type { backend_util } from '@tensorflow/tfjs-core'
import { requireIntegers } from './require.ts'

/** Each list has an entry per spatial axis: height and width, or depth, height and width. */
export interface Windows {
  /** Sizes of the input. */
  readonly sizes: readonly number[]
  /** Sizes of the input with its explicit padding. */
  readonly paddedSizes: readonly number[]
  /** Numbers of windows, that is sizes of the output. */
  readonly counts: readonly number[]
  readonly filter: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  /** Equal padding of both sides, which torch's operators do themselves. */
  readonly padding: readonly number[]
  /** Padding to add before the operator, as torch's `pad` takes it: [before, after] from the last axis to the first,
   * negative where the input is cut; undefined when `padding` suffices. */
  readonly explicit: readonly number[] | undefined
}

type Placement = Omit<Windows, 'explicit' | 'paddedSizes'>

/** The windows of a convolution or pooling of images. */
export function windows2D(info: backend_util.Conv2DInfo): Windows {
  const { padInfo } = info
  return placeWindows({
    sizes: [info.inHeight, info.inWidth],
    counts: [info.outHeight, info.outWidth],
    filter: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    padding: [padInfo.top, padInfo.left],
  })
}

/** The windows of a convolution or pooling of volumes. */
export function windows3D(info: backend_util.Conv3DInfo): Windows {
  const { padInfo } = info
  return placeWindows({
    sizes: [info.inDepth, info.inHeight, info.inWidth],
    counts: [info.outDepth, info.outHeight, info.outWidth],
    filter: [info.filterDepth, info.filterHeight, info.filterWidth],
    strides: [info.strideDepth, info.strideHeight, info.strideWidth],
    dilations: [info.dilationDepth, info.dilationHeight, info.dilationWidth],
    padding: [padInfo.front, padInfo.top, padInfo.left],
  })
}

/** The same windows with all padding explicit. */
export function withExplicitPadding(windows: Windows): Windows {
  return windows.explicit === undefined ? explicit(windows) : windows
}

/**
 * Windows start at `-padding`; what lies behind the last window changes nothing. So torch's symmetric padding is right
 * whenever it gives as many windows as TensorFlow wants. A single window has no stride: left at more than 1, oneDNN
 * gets some convolutions of one channel wrong (seen with PyTorch 2.15).
 */
function placeWindows(placement: Placement): Windows {
  const { sizes, counts, filter, dilations, padding } = placement
  requireIntegers(
    'Sizes, strides and dilations of windows',
    [...filter, ...placement.strides, ...dilations],
    1,
  )
  requireIntegers('Padding and numbers of windows', [...padding, ...counts], Number.NEGATIVE_INFINITY)
  const strides = placement.strides.map((stride, i) => (counts[i] === 1 ? 1 : stride))
  const windows = { ...placement, strides }
  const fits = counts.every((count, i) => {
    const room = sizes[i]! + 2 * padding[i]! - extent(windows, i)
    return padding[i]! >= 0 && Math.floor(room / strides[i]!) + 1 === count
  })
  return fits ? { ...windows, paddedSizes: sizes, explicit: undefined } : explicit(windows)
}

function explicit(windows: Placement): Windows {
  const { sizes, counts, strides, padding } = windows
  const paddedSizes = counts.map((count, i) => (count - 1) * strides[i]! + extent(windows, i))
  const sides = paddedSizes.map((size, i) => [padding[i]!, size - padding[i]! - sizes[i]!])
  return { ...windows, paddedSizes, padding: sizes.map(() => 0), explicit: sides.reverse().flat() }
}

/** What one window spans, dilation included. */
function extent({ filter, dilations }: Placement, axis: number): number {
  return (filter[axis]! - 1) * dilations[axis]! + 1
}
