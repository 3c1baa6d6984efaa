/** Kernels that pick or scatter elements by index or condition. */
import {
  backend_util,
  type GatherNdInputs,
  type GatherV2Attrs,
  type GatherV2Inputs,
  type ScatterNdAttrs,
  type ScatterNdInputs,
  type SelectInputs,
  type TensorScatterUpdateInputs,
  type TopKAttrs,
  type TopKInputs,
  type UnsortedSegmentSumAttrs,
  type UnsortedSegmentSumInputs,
  upcastType,
  util,
} from '@tensorflow/tfjs-core'
import { type KernelTable, kernel } from '../kernel.ts'
import { LibtorchError } from '../libtorch-error.ts'
import type { Handle } from '../stable-abi.ts'
import type { Torch } from '../torch.ts'
import { cast } from './cast.ts'
import { requireIntegers, requireType } from './require.ts'

/** Up to this row length a stable sort decides ties by position, as TensorFlow does; above, torch's faster `topk` runs. */
const LONGEST_SORTED_ROW = 4096

export const selectionKernels: KernelTable = {
  Select: kernel<SelectInputs>(({ inputs: { condition, t, e }, backend, torch }) => {
    requireType('bool', condition)
    util.assertShapesMatch(condition.shape, t.shape)
    util.assertShapesMatch(condition.shape, e.shape)
    const values = torch.call('where.self', backend.handle(condition), backend.handle(t), backend.handle(e))
    return backend.output(values, t.shape, upcastType(t.dtype, e.dtype))
  }),

  GatherV2: kernel<GatherV2Inputs, GatherV2Attrs>(({ inputs: { x, indices }, attrs, backend, torch }) => {
    const [axis = 0] = util.parseAxisParam(attrs.axis, x.shape)
    requireType('int32', indices)
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
    const resultSizes = [batchSize, outerSize, perBatch, sliceSize] as const
    try {
      const gathered = gatherSlices(torch, source, positions, resultSizes)
      return backend.output(torch.call('reshape', gathered, outputShape), outputShape, x.dtype)
    } catch (cause) {
      throw outOfRange(backend.readSync(indices.dataId) as Int32Array, dimSize) ?? cause
    }
  }),

  GatherNd: kernel<GatherNdInputs>(({ inputs: { params, indices }, backend, torch }) => {
    requireType('int32', indices)
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
      requireType('int32', indices)
      const info = backend_util.calculateShapes(updates as never, indices as never, attrs.shape)
      const { numUpdates, sliceSize, strides, outputSize, sliceRank } = info
      const flatStrides = strides.slice(0, sliceRank)
      const positions = flatPositions(torch, backend.handle(indices), numUpdates, flatStrides)
      const rows = torch.call('reshape', backend.handle(updates), [numUpdates, sliceSize])
      const sums = addRows(torch, rows, positions, outputSize / sliceSize, sliceSize, numUpdates)
      return backend.output(torch.call('reshape', sums, attrs.shape), attrs.shape, updates.dtype)
    },
  ),

  TensorScatterUpdate: kernel<TensorScatterUpdateInputs>(
    ({ inputs: { tensor, indices, updates }, backend, torch }) => {
      const { shape, dtype } = tensor
      requireType('int32', indices)
      const info = backend_util.calculateShapes(updates as never, indices as never, shape)
      const { numUpdates, sliceSize, strides, sliceRank } = info
      const flatStrides = strides.slice(0, sliceRank)
      const positions = flatPositions(torch, backend.handle(indices), numUpdates, flatStrides)
      const rows = torch.call('reshape', backend.handle(tensor), [-1, sliceSize])
      const newRows = torch.call('reshape', backend.handle(updates), [numUpdates, sliceSize])
      const index = acrossRows(torch, positions, numUpdates, sliceSize)
      const updated = torch.call('scatter.src', rows, 0, index, newRows)
      return backend.output(torch.call('reshape', updated, shape), shape, dtype)
    },
  ),

  UnsortedSegmentSum: kernel<UnsortedSegmentSumInputs, UnsortedSegmentSumAttrs>(
    ({ inputs: { x, segmentIds }, attrs: { numSegments }, backend, torch }) => {
      requireType('int32', segmentIds)
      requireIntegers('numSegments', [numSegments], 1)
      util.assert(segmentIds.shape.length > 0, () => 'segmentIds must not be a scalar.')
      util.assertShapesMatch(x.shape.slice(0, segmentIds.shape.length), segmentIds.shape)
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
    requireIntegers('k', [k])
    util.assert(k <= length, () => `k must be at most ${length}, got ${k}.`)
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
  const { int64 } = torch.abi.dataTypes
  const rowStrides = torch.tensor(Int32Array.from(strides), [strides.length], { source: 'int32' })
  const vectors = torch.call('reshape', indices, [rows, strides.length])
  const products = torch.call('mul.Tensor', vectors, rowStrides)
  return torch.call('sum.dim_IntList', products, [1], false, int64)
}

/** Slices of `source` [batch, outer, size, width] at the positions of each batch; `sizes` are those of the result. */
function gatherSlices(
  torch: Torch,
  source: Handle,
  positions: Handle,
  sizes: readonly [batch: number, outer: number, perBatch: number, width: number],
): Handle {
  const [batch, , perBatch] = sizes
  if (batch === 1) return torch.call('index_select', source, 2, torch.call('reshape', positions, [perBatch]))
  const perElement = torch.call('reshape', positions, [batch, 1, perBatch, 1])
  return torch.call('gather', source, 2, torch.call('expand', perElement, sizes, false), false)
}

/** An error that names the first index outside of [0, size), which torch's own does not. */
function outOfRange(indices: Int32Array, size: number): LibtorchError | undefined {
  const wrong = indices.find((index) => index < 0 || index >= size)
  return wrong === undefined
    ? undefined
    : new LibtorchError(`GatherV2: the index value ${wrong} is not in [0, ${size - 1}]`)
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
  return torch.call('scatter_add', zeros, 0, acrossRows(torch, positions, count, width), source)
}

/** Row numbers [count] repeated for each of `width` columns. */
function acrossRows(torch: Torch, positions: Handle, count: number, width: number): Handle {
  return torch.call('expand', torch.call('unsqueeze', positions, 1), [count, width], false)
}
