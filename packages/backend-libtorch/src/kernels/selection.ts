/** Kernels that pick or scatter elements by index or condition. */
import {
  backend_util,
  type GatherNdInputs,
  type GatherV2Attrs,
  type GatherV2Inputs,
  type ScatterNdAttrs,
  type ScatterNdInputs,
  type SelectInputs,
  type TopKAttrs,
  type TopKInputs,
  type UnsortedSegmentSumAttrs,
  type UnsortedSegmentSumInputs,
  upcastType,
  util,
} from '@tensorflow/tfjs-core'
import { type KernelTable, kernel } from '../kernel.ts'
import type { Handle } from '../stable-abi.ts'
import type { Torch } from '../torch.ts'
import { cast } from './cast.ts'

/** Up to this row length a stable sort decides ties by position, as TensorFlow does; above, torch's faster `topk` runs. */
const LONGEST_SORTED_ROW = 4096

export const selectionKernels: KernelTable = {
  Select: kernel<SelectInputs>(({ inputs: { condition, t, e }, backend, torch }) => {
    const isPerRow = condition.shape.length === 1 && t.shape.length > 1
    const conditionShape = isPerRow ? [condition.shape[0]!, ...t.shape.slice(1).fill(1)] : condition.shape
    const chosen = cast(torch, torch.call('reshape', backend.handle(condition), conditionShape), 'bool')
    const shape = backend_util.assertAndGetBroadcastShape(
      backend_util.assertAndGetBroadcastShape(t.shape, e.shape),
      conditionShape,
    )
    const values = torch.call('where.self', chosen, backend.handle(t), backend.handle(e))
    return backend.output(values, shape, upcastType(t.dtype, e.dtype))
  }),

  GatherV2: kernel<GatherV2Inputs, GatherV2Attrs>(({ inputs: { x, indices }, attrs, backend, torch }) => {
    const [axis = 0] = util.parseAxisParam(attrs.axis, x.shape)
    const info = backend_util.segment_util.collectGatherOpShapeInfo(
      x as never,
      indices as never,
      axis,
      attrs.batchDims ?? 0,
    )
    const { batchSize, outerSize, dimSize, sliceSize, outputShape } = info
    const perBatch = util.sizeFromShape(indices.shape) / batchSize
    const source = torch.call('reshape', backend.handle(x), [batchSize, outerSize, dimSize, sliceSize])
    const positions = cast(torch, backend.handle(indices), 'int64')
    const gathered =
      batchSize === 1
        ? torch.call('index_select', source, 2, torch.call('reshape', positions, [-1]))
        : torch.call(
            'gather',
            source,
            2,
            torch.call(
              'expand',
              torch.call('reshape', positions, [batchSize, 1, perBatch, 1]),
              [batchSize, outerSize, perBatch, sliceSize],
              false,
            ),
            false,
          )
    return backend.output(torch.call('reshape', gathered, outputShape), outputShape, x.dtype)
  }),

  GatherNd: kernel<GatherNdInputs>(({ inputs: { params, indices }, backend, torch }) => {
    const [shape, rows, sliceSize, strides] = backend_util.prepareAndValidate(
      params as never,
      indices as never,
    )
    const positions = flatPositions(
      torch,
      backend.handle(indices),
      rows,
      strides.slice(0, indices.shape.at(-1)),
    )
    const source = torch.call('reshape', backend.handle(params), [-1, sliceSize])
    const gathered = torch.call('index_select', source, 0, positions)
    return backend.output(torch.call('reshape', gathered, shape), shape, params.dtype)
  }),

  ScatterNd: kernel<ScatterNdInputs, ScatterNdAttrs>(
    ({ inputs: { indices, updates }, attrs, backend, torch }) => {
      const info = backend_util.calculateShapes(updates as never, indices as never, attrs.shape)
      const { numUpdates, sliceSize, strides, outputSize, sliceRank } = info
      const flatStrides = strides.slice(0, sliceRank)
      const positions = flatPositions(torch, backend.handle(indices), numUpdates, flatStrides)
      const rows = torch.call('reshape', backend.handle(updates), [numUpdates, sliceSize])
      const sums = addRows(torch, rows, positions, outputSize / sliceSize, sliceSize, numUpdates)
      return backend.output(torch.call('reshape', sums, attrs.shape), attrs.shape, updates.dtype)
    },
  ),

  UnsortedSegmentSum: kernel<UnsortedSegmentSumInputs, UnsortedSegmentSumAttrs>(
    ({ inputs: { x, segmentIds }, attrs: { numSegments }, backend, torch }) => {
      const count = util.sizeFromShape(segmentIds.shape)
      const sliceShape = x.shape.slice(segmentIds.shape.length)
      const sliceSize = util.sizeFromShape(sliceShape)
      const ids = torch.call('reshape', cast(torch, backend.handle(segmentIds), 'int64'), [count])
      const isNegative = torch.call('lt.Tensor', ids, torch.constant(0, 'int64'))
      const last = torch.constant(numSegments, 'int64')
      const inRange = torch.call('where.self', isNegative, last, torch.call('minimum', ids, last))
      const rows = torch.call('reshape', backend.handle(x), [count, sliceSize])
      const sums = addRows(torch, rows, inRange, numSegments + 1, sliceSize, count)
      const kept = torch.call('slice.Tensor', sums, 0, 0, numSegments, 1)
      const shape = [numSegments, ...sliceShape]
      return backend.output(torch.call('reshape', kept, shape), shape, x.dtype)
    },
  ),

  TopK: kernel<TopKInputs, TopKAttrs>(({ inputs: { x }, attrs: { k, sorted }, backend, torch }) => {
    const length = x.shape.at(-1)!
    const handle = backend.handle(x)
    const [values, positions] =
      length <= LONGEST_SORTED_ROW
        ? torch
            .callMany('sort.stable', 2, handle, true, -1, true)
            .map((whole) => torch.call('clone', torch.call('slice.Tensor', whole, -1, 0, k, 1), null))
        : torch.callMany('topk', 2, handle, k, -1, true, sorted)
    const shape = x.shape.with(-1, k)
    return [
      backend.output(values!, shape, x.dtype),
      backend.output(cast(torch, positions!, 'int32'), shape, 'int32'),
    ]
  }),
}

/** Row numbers [rows] of the index vectors [rows, strides.length] in a tensor cut into slices. */
function flatPositions(torch: Torch, indices: Handle, rows: number, strides: readonly number[]): Handle {
  const { int32, int64 } = torch.abi.dataTypes
  const rowStrides = Int32Array.from(strides)
  const vectors = torch.call('reshape', indices, [rows, strides.length])
  const products = torch.call('mul.Tensor', vectors, torch.wrap(rowStrides, [rowStrides.length], int32))
  return torch.call('sum.dim_IntList', products, [1], false, int64)
}

/** Sums `source` [n, width] into the rows `positions` [n] of zeros [rows, width]. */
function addRows(
  torch: Torch,
  source: Handle,
  positions: Handle,
  rows: number,
  width: number,
  count: number,
): Handle {
  const zero = torch.call(
    'zeros_like',
    torch.call('slice.Tensor', source, 0, 0, 0, 1),
    null,
    null,
    null,
    null,
    null,
  )
  const zeros = torch.call('pad', zero, [0, 0, 0, rows], 'constant', 0)
  const index = torch.call('expand', torch.call('unsqueeze', positions, 1), [count, width], false)
  return torch.call('scatter_add', zeros, 0, index, source)
}
