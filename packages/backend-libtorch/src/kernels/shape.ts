/** Kernels that move elements without computing. Slices and splits are copies, so that a small part never keeps a large whole alive. */
import {
  type BroadCastToAttrs,
  type BroadcastToInputs,
  backend_util,
  type ConcatAttrs,
  type ConcatInputs,
  type DiagInputs,
  type ExpandDimsAttrs,
  type ExpandDimsInputs,
  type MirrorPadAttrs,
  type MirrorPadInputs,
  type PackAttrs,
  type PackInputs,
  type PadV2Attrs,
  type PadV2Inputs,
  type ReshapeAttrs,
  type ReshapeInputs,
  type ReverseAttrs,
  type ReverseInputs,
  type SliceAttrs,
  type SliceInputs,
  type SplitVAttrs,
  type SplitVInputs,
  type StridedSliceAttrs,
  type StridedSliceInputs,
  slice_util,
  type TileAttrs,
  type TileInputs,
  type TransposeAttrs,
  type TransposeInputs,
  type UnpackAttrs,
  type UnpackInputs,
  util,
} from '@tensorflow/tfjs-core'
import { type KernelTable, kernel } from '../kernel.ts'
import { LibtorchError } from '../libtorch-error.ts'
import type { Handle } from '../stable-abi.ts'
import type { Torch } from '../torch.ts'
import { requireIntegers, requireOneType, requirePairs } from './require.ts'

export const shapeKernels: KernelTable = {
  Reshape: kernel<ReshapeInputs, ReshapeAttrs>(({ inputs: { x }, attrs, backend, torch }) => {
    const size = util.sizeFromShape(x.shape)
    const shape = util.inferFromImplicitShape(attrs.shape, size)
    if (util.sizeFromShape(shape) !== size) {
      throw new LibtorchError(`${size} elements cannot take the shape [${attrs.shape}].`)
    }
    return backend.output(torch.call('reshape', backend.handle(x), shape), shape, x.dtype)
  }),

  ExpandDims: kernel<ExpandDimsInputs, ExpandDimsAttrs>(
    ({ inputs: { input }, attrs: { dim }, backend, torch }) => {
      const rank = input.shape.length
      const axis = dim < 0 ? rank + dim + 1 : dim
      if (axis < 0 || axis > rank) {
        throw new LibtorchError(`dim must lie in [${-rank - 1}, ${rank}], got ${dim}.`)
      }
      return backend.output(
        torch.call('unsqueeze', backend.handle(input), axis),
        input.shape.toSpliced(axis, 0, 1),
        input.dtype,
      )
    },
  ),

  Transpose: kernel<TransposeInputs, TransposeAttrs>(({ inputs: { x }, attrs: { perm }, backend, torch }) =>
    backend.output(
      torch.call('permute', backend.handle(x), perm),
      perm.map((axis) => x.shape[axis]!),
      x.dtype,
    ),
  ),

  Slice: kernel<SliceInputs, SliceAttrs>(({ inputs: { x }, attrs, backend, torch }) => {
    const [begin, size] = slice_util.parseSliceParams(x, attrs.begin, attrs.size) as [number[], number[]]
    slice_util.assertParamsValid(x, begin, size)
    requireIntegers('begin and size', [...begin, ...size])
    return backend.output(copyOfSlice(torch, backend.handle(x), x.shape, begin, size), size, x.dtype)
  }),

  StridedSlice: kernel<StridedSliceInputs, StridedSliceAttrs>(({ inputs: { x }, attrs, backend, torch }) => {
    const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attrs
    requireIntegers('begin, end and strides', [...begin, ...end, ...strides], Number.NEGATIVE_INFINITY)
    const masks = [beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask] as const
    const info = slice_util.sliceInfo(x.shape, begin, end, strides, ...masks)
    let handle = backend.handle(x)
    info.strides.forEach((stride, axis) => {
      const first = info.begin[axis]!
      const count = slice_util.computeOutShape([first], [info.end[axis]!], [stride])[0]!
      const positions = Array.from({ length: count }, (_, i) => first + i * stride)
      handle = select(torch, handle, axis, positions)
    })
    return backend.output(torch.call('reshape', handle, info.finalShape), info.finalShape, x.dtype)
  }),

  SplitV: kernel<SplitVInputs, SplitVAttrs>(({ inputs: { x }, attrs, backend, torch }) => {
    const [axis = 0] = util.parseAxisParam(attrs.axis, x.shape)
    const begin = new Array<number>(x.shape.length).fill(0)
    return backend_util.prepareSplitSize(x as never, attrs.numOrSizeSplits, axis).map((length) => {
      const size = x.shape.with(axis, length)
      const part = copyOfSlice(torch, backend.handle(x), x.shape, begin, size)
      begin[axis]! += length
      return backend.output(part, size, x.dtype)
    })
  }),

  Unpack: kernel<UnpackInputs, UnpackAttrs>(({ inputs: { value }, attrs, backend, torch }) => {
    const [axis = 0] = util.parseAxisParam(attrs.axis, value.shape)
    const shape = value.shape.toSpliced(axis, 1)
    return Array.from({ length: value.shape[axis]! }, (_, position) => {
      const begin = value.shape.map((_, i) => (i === axis ? position : 0))
      const part = copyOfSlice(torch, backend.handle(value), value.shape, begin, value.shape.with(axis, 1))
      return backend.output(torch.call('reshape', part, shape), shape, value.dtype)
    })
  }),

  Concat: kernel<ConcatInputs, ConcatAttrs>(({ inputs, attrs, backend, torch }) => {
    requireOneType(inputs)
    const shapes = inputs.map(({ shape }) => shape)
    const [axis = 0] = util.parseAxisParam(attrs.axis, shapes[0]!)
    backend_util.assertParamsConsistent(shapes, axis)
    const handles = inputs.map((x) => backend.handle(x))
    return backend.output(
      torch.call('cat', handles, axis),
      backend_util.computeOutShape(shapes, axis),
      inputs[0]!.dtype,
    )
  }),

  Pack: kernel<PackInputs, PackAttrs>(({ inputs, attrs, backend, torch }) => {
    const { shape, dtype } = inputs[0]!
    requireOneType(inputs)
    const [axis = 0] = util.parseAxisParam(attrs.axis, [...shape, 1])
    const handles = inputs.map((x) => backend.handle(x))
    return backend.output(torch.call('stack', handles, axis), shape.toSpliced(axis, 0, inputs.length), dtype)
  }),

  PadV2: kernel<PadV2Inputs, PadV2Attrs>(
    ({ inputs: { x }, attrs: { paddings, constantValue }, backend, torch }) => {
      requirePairs('paddings', paddings, x.shape.length)
      const value = x.dtype === 'float32' ? constantValue : Math.trunc(constantValue)
      const lastAxisFirst = paddings.toReversed().flat()
      const shape = x.shape.map((size, i) => paddings[i]![0] + size + paddings[i]![1])
      return backend.output(
        torch.call('pad', backend.handle(x), lastAxisFirst, 'constant', value),
        shape,
        x.dtype,
      )
    },
  ),

  MirrorPad: kernel<MirrorPadInputs, MirrorPadAttrs>(({ inputs: { x }, attrs, backend, torch }) => {
    requirePairs('paddings', attrs.paddings, x.shape.length)
    const skipped = attrs.mode === 'reflect' ? 1 : 0
    let handle = torch.alias(backend.handle(x))
    const shape = x.shape.map((size, axis) => {
      const [before, after] = attrs.paddings[axis]!
      const positions = Array.from({ length: before + size + after }, (_, i) => {
        const position = i - before
        if (position < 0) return -position - 1 + skipped
        return position < size ? position : 2 * size - 1 - position - skipped
      })
      handle = select(torch, handle, axis, positions)
      return positions.length
    })
    return backend.output(handle, shape, x.dtype)
  }),

  Tile: kernel<TileInputs, TileAttrs>(({ inputs: { x }, attrs: { reps }, backend, torch }) => {
    requireIntegers('reps', reps)
    util.assert(reps.length === x.shape.length, () => `reps must have ${x.shape.length} values, got ${reps}.`)
    const shape = x.shape.map((size, i) => size * reps[i]!)
    return backend.output(torch.call('repeat', backend.handle(x), reps), shape, x.dtype)
  }),

  Diag: kernel<DiagInputs>(({ inputs: { x }, backend, torch }) => {
    const shape = [...x.shape, ...x.shape]
    const diagonal = torch.call('reshape', backend.handle(x), [util.sizeFromShape(x.shape)])
    const matrix = torch.call('diag_embed', diagonal, 0, 0, 1)
    return backend.output(torch.call('reshape', matrix, shape), shape, x.dtype)
  }),

  BroadcastTo: kernel<BroadcastToInputs, BroadCastToAttrs>(
    ({ inputs: { x }, attrs: { shape }, backend, torch }) => {
      const view = torch.call('expand', backend.handle(x), shape, false)
      return backend.output(torch.call('clone', view, torch.abi.contiguous), shape, x.dtype)
    },
  ),

  Reverse: kernel<ReverseInputs, ReverseAttrs>(({ inputs: { x }, attrs: { dims }, backend, torch }) =>
    backend.output(
      torch.call('flip', backend.handle(x), util.parseAxisParam(dims, x.shape)),
      x.shape,
      x.dtype,
    ),
  ),
}

function copyOfSlice(
  torch: Torch,
  x: Handle,
  shape: readonly number[],
  begin: readonly number[],
  size: readonly number[],
): Handle {
  let view = x
  size.forEach((length, axis) => {
    if (length === shape[axis]) return
    const first = begin[axis]!
    view = torch.call('slice.Tensor', view, axis, first, first + length, 1)
  })
  return view === x ? torch.alias(x) : torch.call('clone', view, null)
}

/** The elements at `positions` along an axis. */
function select(torch: Torch, x: Handle, axis: number, positions: readonly number[]): Handle {
  return torch.call('index_select', x, axis, integerTensor(torch, positions))
}

/** A torch copy of integers. */
function integerTensor(torch: Torch, values: readonly number[]): Handle {
  return torch.tensor(Int32Array.from(values), [values.length], { source: 'int32' })
}
