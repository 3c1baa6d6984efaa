/** Kernels that reduce or scan along axes. */
import {
  type AllAttrs,
  type AllInputs,
  type ArgMaxAttrs,
  type ArgMaxInputs,
  backend_util,
  type CumsumAttrs,
  type CumsumInputs,
  type DataType,
  type MaxAttrs,
  type MaxInputs,
  type MinAttrs,
  type SumAttrs,
  type SumInputs,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core'
import { isFloating } from '../data-type.ts'
import { type AnyKernel, type KernelTable, kernel } from '../kernel.ts'
import type { Handle } from '../stable-abi.ts'
import type { Torch } from '../torch.ts'
import { cast } from './cast.ts'
import { requireType } from './require.ts'

type Reduce = (torch: Torch, x: Handle, axes: number[], keepDims: boolean) => Handle

export const reductionKernels: KernelTable = {
  Sum: reduction(sumType, (torch, x, axes, keepDims, type) =>
    torch.call('sum.dim_IntList', x, axes, keepDims, torch.abi.dataTypes[type]),
  ),
  Mean: reduction(
    () => 'float32',
    (torch, x, axes, keepDims) => torch.call('mean.dim', x, axes, keepDims, torch.abi.dataTypes.float32),
  ),
  Prod: reduction(sumType, (torch, x, axes, keepDims, type) =>
    [...axes]
      .sort((a, b) => b - a)
      .reduce(
        (product, axis) => torch.call('prod.dim_int', product, axis, keepDims, torch.abi.dataTypes[type]),
        x,
      ),
  ),
  Max: extremum('amax'),
  Min: extremum('amin'),
  Any: logical((torch, x, axes, keepDims) => torch.call('any.dims', x, axes, keepDims)),
  All: logical((torch, x, axes, keepDims) => torch.call('all.dims', x, axes, keepDims)),
  ArgMax: position('argmax', Number.NEGATIVE_INFINITY),
  ArgMin: position('argmin', Number.POSITIVE_INFINITY),
  Cumsum: scan('cumsum', 0),
  Cumprod: scan('cumprod', 1),
}

type SumType = 'float32' | 'int32' | 'complex64'

/** tfjs sums booleans as integers. */
function sumType(dtype: DataType): SumType {
  return isFloating(dtype) ? dtype : 'int32'
}

function reducedShape(x: TensorInfo, axes: number[], keepDims: boolean): number[] {
  const [shape] = backend_util.computeOutAndReduceShapes(x.shape, axes)
  return keepDims ? backend_util.expandShapeToKeepDim(shape, axes) : shape
}

function reduction(
  resultType: (dtype: DataType) => SumType,
  reduce: (torch: Torch, x: Handle, axes: number[], keepDims: boolean, type: SumType) => Handle,
): AnyKernel {
  return kernel<SumInputs, SumAttrs>(({ inputs: { x }, attrs: { axis, keepDims }, backend, torch }) => {
    const axes = util.parseAxisParam(axis, x.shape)
    util.assert(new Set(axes).size === axes.length, () => `An axis is given twice: [${axes}].`)
    const type = resultType(x.dtype)
    const handle = backend.handle(x)
    const result =
      axes.length === 0
        ? torch.alias(cast(torch, handle, type))
        : reduce(torch, handle, axes, keepDims ?? false, type)
    return backend.output(result, reducedShape(x, axes, keepDims ?? false), type)
  })
}

/** tfjs calls the axes of Max `reductionIndices` and those of Min `axis`. */
function extremum(operator: 'amax' | 'amin'): AnyKernel {
  return kernel<MaxInputs, Partial<MaxAttrs & MinAttrs>>(({ inputs: { x }, attrs, backend, torch }) => {
    const axes = util.parseAxisParam('axis' in attrs ? attrs.axis! : attrs.reductionIndices!, x.shape)
    const keepDims = attrs.keepDims ?? false
    const handle = backend.handle(x)
    const result = axes.length === 0 ? torch.alias(handle) : torch.call(operator, handle, axes, keepDims)
    return backend.output(result, reducedShape(x, axes, keepDims), x.dtype)
  })
}

function logical(reduce: Reduce): AnyKernel {
  return kernel<AllInputs, AllAttrs>(({ inputs: { x }, attrs: { axis, keepDims }, backend, torch }) => {
    requireType('bool', x)
    const axes = util.parseAxisParam(axis, x.shape)
    const handle = backend.handle(x)
    const result = axes.length === 0 ? torch.alias(handle) : reduce(torch, handle, axes, keepDims ?? false)
    return backend.output(result, reducedShape(x, axes, keepDims ?? false), 'bool')
  })
}

/** @param worst the number as which NaN counts, so that it is not chosen */
function position(operator: 'argmax' | 'argmin', worst: number): AnyKernel {
  return kernel<ArgMaxInputs, ArgMaxAttrs>(({ inputs: { x }, attrs: { axis }, backend, torch }) => {
    const [first = 0] = util.parseAxisParam(axis, x.shape)
    const numbers = cast(torch, backend.handle(x), x.dtype === 'float32' ? 'float32' : 'int32')
    const [most, least] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    const comparable = torch.call('nan_to_num', numbers, worst, most, least)
    const positions = torch.call(operator, comparable, first, false)
    return backend.output(cast(torch, positions, 'int32'), reducedShape(x, [first], false), 'int32')
  })
}

/** A running sum or product; `identity` is what an exclusive scan starts from. */
function scan(operator: 'cumsum' | 'cumprod', identity: number): AnyKernel {
  return kernel<CumsumInputs, CumsumAttrs>(({ inputs: { x }, attrs, backend, torch }) => {
    const { axis } = attrs
    const rank = x.shape.length
    util.assert([...x.shape.keys()].includes(axis), () => `axis must be one of ${rank} axes, got ${axis}.`)
    const type = sumType(x.dtype)
    let handle = backend.handle(x)
    if (attrs.reverse) handle = torch.call('flip', handle, [axis])
    handle = torch.call(operator, handle, axis, torch.abi.dataTypes[type])
    if (attrs.exclusive) {
      const allButLast = torch.call('slice.Tensor', handle, axis, null, -1, 1)
      const zerosAfter = new Array<number>(2 * (x.shape.length - 1 - axis)).fill(0)
      handle = torch.call('pad', allButLast, [...zerosAfter, 1, 0], 'constant', identity)
    }
    if (attrs.reverse) handle = torch.call('flip', handle, [axis])
    return backend.output(handle, x.shape, type)
  })
}
