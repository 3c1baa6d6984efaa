/** The filter gradient of a convolution, without copies of its inputs. */

import type { WasmFunction } from '@simclr/core/simd'
import {
  backend_util,
  type Conv2DBackpropFilterAttrs,
  type KernelConfig,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import { type FilterPosition, filterPositions } from './filter-positions.ts'
import { floats } from './memory.ts'
import { simdFunctions, TILE_COLUMNS, TILE_ROWS } from './simd/functions.ts'
import { wasmKernel } from './wasm-kernel.ts'

const FLOAT_BYTES = 4
/** Output pixels at a time: a tile reads one cache line of x and one of dy for each, together 16 KB. */
const BLOCK_PIXELS = 128

/**
 * The TensorFlow.js kernel `Conv2DBackpropFilter` for NHWC. With n examples, c input and k output channels, the
 * gradient at filter position (i, j) is the sum over n, y, x of input[n, i + stride·y, j + stride·x, c] · dy[n, y, x, k].
 */
export const conv2DBackpropFilter: KernelConfig = wasmKernel<
  { x: TensorInfo; dy: TensorInfo },
  Conv2DBackpropFilterAttrs
>('Conv2DBackpropFilter', (backend, { x, dy }, { filterShape, strides, pad, dimRoundingMode }) => {
  const convolution = backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    filterShape,
    strides,
    1,
    pad,
    dimRoundingMode,
  )
  const filter = backend.makeOutput(filterShape, 'float32')
  floats(backend, filter).fill(0)
  const start = {
    x: backend.getMemoryOffset(x.dataId),
    dy: backend.getMemoryOffset(dy.dataId),
    filter: backend.getMemoryOffset(filter.dataId),
  }
  const { batchSize, outHeight, outWidth, inChannels, outChannels } = convolution
  const rowsAtOnce = Math.min(outHeight, Math.ceil(BLOCK_PIXELS / outWidth))
  const imagesAtOnce = Math.ceil(BLOCK_PIXELS / (outWidth * outHeight))
  const { wideProductTiles, narrowProductTiles } = simdFunctions(backend)
  for (let image = 0; image < batchSize; image += imagesAtOnce) {
    const images = Math.min(imagesAtOnce, batchSize - image)
    for (let row = 0; row < outHeight; row += rowsAtOnce) {
      const rows = [row, Math.min(row + rowsAtOnce, outHeight)] as const
      const positions = filterPositions(convolution, start, { image, rows })
      for (let input = 0; input < inChannels; input += TILE_ROWS) {
        const inputs = Math.min(TILE_ROWS, inChannels - input)
        let output = 0
        for (; output + TILE_COLUMNS <= outChannels; output += TILE_COLUMNS) {
          addTiles(wideProductTiles[inputs - 1]!, positions, { images, input, output, outChannels })
        }
        for (; output < outChannels; output++) {
          addTiles(narrowProductTiles[inputs - 1]!, positions, { images, input, output, outChannels })
        }
      }
    }
  }
  return filter
})

/** Adds the products of a few input and output channels at every position of the filter. */
function addTiles(
  addTile: WasmFunction,
  positions: readonly FilterPosition[],
  { images, input, output, outChannels }: Record<'images' | 'input' | 'output' | 'outChannels', number>,
): void {
  for (const { x, dy, filter, rows, columns, xSteps, dySteps } of positions) {
    addTile(
      x + input * FLOAT_BYTES,
      dy + output * FLOAT_BYTES,
      filter + (input * outChannels + output) * FLOAT_BYTES,
      images,
      rows,
      columns,
      xSteps.column,
      xSteps.row,
      xSteps.image,
      dySteps.column,
      dySteps.row,
      dySteps.image,
      FLOAT_BYTES,
      outChannels * FLOAT_BYTES,
    )
  }
}
