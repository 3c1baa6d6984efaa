/** The input gradient of a convolution, as a few small convolutions. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import {
  backend_util,
  type Conv2DBackpropInputAttrs,
  getKernel,
  type KernelConfig,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import { type InputPhase, inputPhases } from './input-phases.ts'
import { floats } from './memory.ts'
import { wasmKernel } from './wasm-kernel.ts'

interface Inputs {
  readonly dy: TensorInfo
  readonly filter: TensorInfo
}

/**
 * The TensorFlow.js kernel `Conv2DBackpropInput` for NHWC.
 *
 * The gradients of the input rows with the same remainder modulo the stride depend on every stride-th row of the
 * filter only: together they are a convolution of dy with these rows, turned by 180°, without stride. The same holds
 * for columns, so that a stride of 2 takes four convolutions, which make no product with an inserted zero.
 *
 * @param original the kernel of the backend; it takes a dy that is larger than the output of the convolution, which
 *   TensorFlow.js's conv2dTranspose allows.
 */
export function conv2DBackpropInput(original: KernelConfig): KernelConfig {
  return wasmKernel<Inputs, Conv2DBackpropInputAttrs>(
    'Conv2DBackpropInput',
    (backend, inputs, attributes) => {
      const { inputShape, strides, pad, dimRoundingMode } = attributes
      const filterShape = inputs.filter.shape as [number, number, number, number]
      const convolution = backend_util.computeConv2DInfo(
        inputShape,
        filterShape,
        strides,
        1,
        pad,
        dimRoundingMode,
      )
      const isUsual = inputs.dy.shape.every((length, axis) => length === convolution.outShape[axis])
      if (isUsual) return inputGradient(backend, inputs, convolution)
      return original.kernelFunc({ backend, inputs: { ...inputs }, attrs: { ...attributes } }) as TensorInfo
    },
  )
}

function inputGradient(
  backend: BackendWasm,
  { dy, filter }: Inputs,
  convolution: backend_util.Conv2DInfo,
): TensorInfo {
  const { inShape, inHeight, inWidth, outHeight, outWidth, padInfo } = convolution
  const { filterHeight, filterWidth, strideHeight, strideWidth } = convolution
  const rows = inputPhases(inHeight, outHeight, filterHeight, strideHeight, padInfo.top)
  const columns = inputPhases(inWidth, outWidth, filterWidth, strideWidth, padInfo.left)
  const [row, column] = [rows[0]!, columns[0]!]
  if (strideHeight === 1 && strideWidth === 1 && row.isExact && column.isExact) {
    return convolve(backend, dy, filter, row, column)
  }
  const dx = backend.makeOutput(inShape, 'float32')
  floats(backend, dx).fill(0)
  for (const row of rows) {
    for (const column of columns) {
      if (row.taps.length === 0 || column.taps.length === 0) continue
      const part = convolve(backend, dy, filter, row, column)
      interleave(backend, part, dx, { row, column, strideHeight, strideWidth })
      backend.disposeData(part.dataId)
    }
  }
  return dx
}

/** The convolution of dy with the rows and columns of the filter that belong to a phase. */
function convolve(
  backend: BackendWasm,
  dy: TensorInfo,
  filter: TensorInfo,
  row: InputPhase,
  column: InputPhase,
): TensorInfo {
  const turned = turn(backend, filter, row.taps, column.taps)
  const attrs = {
    strides: 1,
    pad: [[0, 0], row.padding, column.padding, [0, 0]],
    dilations: 1,
    dataFormat: 'NHWC',
  }
  const { kernelFunc } = getKernel('Conv2D', 'wasm')
  const part = kernelFunc({ backend, inputs: { x: dy, filter: turned }, attrs: attrs as never }) as TensorInfo
  backend.disposeData(turned.dataId)
  return part
}

/** `[filterHeight, filterWidth, c, k]` → `[rows, columns, k, c]`: the given rows and columns, the last first. */
function turn(
  backend: BackendWasm,
  filter: TensorInfo,
  rows: readonly number[],
  columns: readonly number[],
): TensorInfo {
  const [, filterWidth, inChannels, outChannels] = filter.shape as [number, number, number, number]
  const turned = backend.makeOutput([rows.length, columns.length, outChannels, inChannels], 'float32')
  const [from, to] = [floats(backend, filter), floats(backend, turned)]
  let position = 0
  for (const row of rows.toReversed()) {
    for (const column of columns.toReversed()) {
      const start = (row * filterWidth + column) * inChannels * outChannels
      for (let k = 0; k < outChannels; k++) {
        for (let c = 0; c < inChannels; c++) to[position++] = from[start + c * outChannels + k]!
      }
    }
  }
  return turned
}

/** Writes the pixels of one phase to their places between those of the other phases. */
function interleave(
  backend: BackendWasm,
  part: TensorInfo,
  dx: TensorInfo,
  to: { row: InputPhase; column: InputPhase; strideHeight: number; strideWidth: number },
): void {
  const [images, partHeight, partWidth, channels] = part.shape as [number, number, number, number]
  const [, height, width] = dx.shape as [number, number, number, number]
  const { row, column, strideHeight, strideWidth } = to
  const [source, target] = [floats(backend, part), floats(backend, dx)]
  for (let image = 0; image < images; image++) {
    for (let y = 0; y < row.length; y++) {
      const toRow = (image * height + row.start + y * strideHeight) * width + column.start
      let from = ((image * partHeight + row.surplus + y) * partWidth + column.surplus) * channels
      for (let x = 0; x < column.length; x++) {
        const pixel = (toRow + x * strideWidth) * channels
        for (let c = 0; c < channels; c++) target[pixel + c] = source[from++]!
      }
    }
  }
}
