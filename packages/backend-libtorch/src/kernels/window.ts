/** Placement of convolution and pooling windows: TensorFlow's padding expressed in torch's. */
import type { backend_util } from '@tensorflow/tfjs-core'

type WindowInfo = Pick<
  backend_util.Conv2DInfo,
  | 'inHeight'
  | 'inWidth'
  | 'outHeight'
  | 'outWidth'
  | 'strideHeight'
  | 'strideWidth'
  | 'effectiveFilterHeight'
  | 'effectiveFilterWidth'
  | 'padInfo'
>

export interface Padding {
  /** Equal padding of both sides, [height, width], which torch's operators do themselves. */
  readonly symmetric: [number, number]
  /** Padding to add before the operator, [left, right, top, bottom]; undefined when `symmetric` suffices. */
  readonly explicit: [number, number, number, number] | undefined
}

/**
 * Windows start at `-top`; zeros below the last window change nothing. So torch's symmetric padding is right whenever
 * padding `top` on both sides gives as many windows as TensorFlow wants.
 */
export function windowPadding(info: WindowInfo): Padding {
  const { top, left } = info.padInfo
  const rows = missing(info.inHeight, info.outHeight, info.strideHeight, info.effectiveFilterHeight, top)
  const columns = missing(info.inWidth, info.outWidth, info.strideWidth, info.effectiveFilterWidth, left)
  if (rows.fits && columns.fits) return { symmetric: [top, left], explicit: undefined }
  return { symmetric: [0, 0], explicit: [left, columns.after, top, rows.after] }
}

function missing(
  size: number,
  windows: number,
  stride: number,
  extent: number,
  before: number,
): { fits: boolean; after: number } {
  const fits = Math.floor((size + 2 * before - extent) / stride) + 1 === windows
  return { fits, after: Math.max(0, (windows - 1) * stride + extent - size - before) }
}
