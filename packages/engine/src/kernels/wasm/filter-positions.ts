/** Where each position of a filter reads and writes. */
import type { backend_util } from '@tensorflow/tfjs-core'

const FLOAT_BYTES = 4

/** Bytes from one column to the next, from the end of a row to the next row, from the end of an image to the next. */
interface Steps {
  readonly column: number
  readonly row: number
  readonly image: number
}

/** The output pixels that a filter position contributes to, with addresses of the first pixel's first channel. */
export interface FilterPosition {
  readonly x: number
  readonly dy: number
  readonly filter: number
  readonly rows: number
  readonly columns: number
  readonly xSteps: Steps
  readonly dySteps: Steps
}

/**
 * The positions of an NHWC convolution's filter that see the image somewhere in the given output rows.
 *
 * @param start addresses of the three tensors.
 * @param block the first image, and the range of output rows, its end excluded.
 */
export function filterPositions(
  convolution: backend_util.Conv2DInfo,
  start: { x: number; dy: number; filter: number },
  { image, rows }: { image: number; rows: readonly [number, number] },
): FilterPosition[] {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = convolution
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = convolution
  const positions: FilterPosition[] = []
  for (let i = 0; i < filterHeight; i++) {
    const down = i - padInfo.top
    const [top, bottom] = reach(rows, down, strideHeight, inHeight)
    for (let j = 0; j < filterWidth; j++) {
      const right = j - padInfo.left
      const [first, last] = reach([0, outWidth], right, strideWidth, inWidth)
      const [height, width] = [bottom - top, last - first]
      if (height <= 0 || width <= 0) continue
      const xPixel = (image * inHeight + top * strideHeight + down) * inWidth + first * strideWidth + right
      const dyPixel = (image * outHeight + top) * outWidth + first
      positions.push({
        x: start.x + xPixel * inChannels * FLOAT_BYTES,
        dy: start.dy + dyPixel * outChannels * FLOAT_BYTES,
        filter: start.filter + (i * filterWidth + j) * inChannels * outChannels * FLOAT_BYTES,
        rows: height,
        columns: width,
        xSteps: inBytes(inChannels, {
          column: strideWidth,
          row: strideHeight * inWidth - width * strideWidth,
          image: (inHeight - height * strideHeight) * inWidth,
        }),
        dySteps: inBytes(outChannels, {
          column: 1,
          row: outWidth - width,
          image: (outHeight - height) * outWidth,
        }),
      })
    }
  }
  return positions
}

/** The part of an output range whose input, at `position · stride + shift`, lies inside the image. */
function reach(
  [start, end]: readonly [number, number],
  shift: number,
  stride: number,
  length: number,
): [number, number] {
  return [Math.max(start, Math.ceil(-shift / stride)), Math.min(end, Math.ceil((length - shift) / stride))]
}

function inBytes(channels: number, { column, row, image }: Steps): Steps {
  const pixel = channels * FLOAT_BYTES
  return { column: column * pixel, row: row * pixel, image: image * pixel }
}
