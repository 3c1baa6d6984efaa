/** Elementwise kernels of two tensors, with broadcasting. */
import { type AddNInputs, type BinaryInputs, backend_util, util } from '@tensorflow/tfjs-core'
import { isFloating } from '../data-type.ts'
import { type AnyKernel, type KernelTable, kernel } from '../kernel.ts'
import type { OperatorWith } from '../operators.ts'
import type { Handle } from '../stable-abi.ts'
import type { Torch } from '../torch.ts'
import { cast } from './cast.ts'
import { alignedHandles } from './layout.ts'
import { requireOneType, requireType } from './require.ts'
import { truncate } from './truncate.ts'

type BinaryOperator = OperatorWith<'Tensor Tensor'>

export const binaryKernels: KernelTable = {
  Add: real((torch, a, b) => torch.add(a, b)),
  AddV2: real((torch, a, b) => torch.add(a, b)),
  Sub: real((torch, a, b) => torch.add(a, b, -1)),
  Multiply: arithmetic((torch, a, b) => torch.call('mul.Tensor', a, b)),
  Maximum: arithmetic((torch, a, b) => torch.call('maximum', a, b)),
  Minimum: arithmetic((torch, a, b) => torch.call('minimum', a, b)),
  Pow: arithmetic((torch, a, b) => torch.call('pow.Tensor_Tensor', a, b)),
  BitwiseAnd: arithmetic((torch, a, b) => torch.call('bitwise_and.Tensor', a, b)),
  SquaredDifference: real((torch, a, b) => {
    const difference = torch.add(a, b, -1)
    return torch.call('mul_.Tensor', difference, difference)
  }),
  Mod: real((torch, a, b) => torch.call('remainder.Tensor', a, b)),
  RealDiv: real((torch, a, b) => torch.call('div.Tensor', a, b)),
  Atan2: real((torch, a, b) => torch.call('atan2', a, b)),
  FloorDiv: kernel<BinaryInputs>(({ inputs: { a, b }, backend, torch }) => {
    const [dividend, divisor] = [a, b].map((x) => cast(torch, backend.handle(x), 'float64')) as [
      Handle,
      Handle,
    ]
    const quotient = torch.call('floor', torch.call('div.Tensor', dividend, divisor))
    return backend.output(cast(torch, quotient, 'int32'), broadcastShape(a.shape, b.shape), 'int32')
  }),
  Equal: comparison('eq.Tensor'),
  NotEqual: comparison('ne.Tensor'),
  Less: comparison('lt.Tensor'),
  LessEqual: comparison('le.Tensor'),
  Greater: comparison('gt.Tensor'),
  GreaterEqual: comparison('ge.Tensor'),
  LogicalAnd: logical('logical_and'),
  LogicalOr: logical('logical_or'),
  LogicalXor: logical('logical_xor'),
  AddN: kernel<AddNInputs>(({ inputs, backend, torch }) => {
    const { shape, dtype } = inputs[0]!
    requireOneType(inputs)
    for (const input of inputs) util.assertShapesMatch(shape, input.shape)
    const isFloat = isFloating(dtype)
    const [first, ...rest] = inputs.map((x) =>
      isFloat ? backend.handle(x) : cast(torch, backend.handle(x), 'float64'),
    )
    const sum = rest.reduce((partial, x) => torch.add(partial, x), torch.alias(first!))
    return backend.output(isFloat ? sum : truncate(torch, sum, dtype), shape, dtype)
  }),
}

type Combine = (torch: Torch, a: Handle, b: Handle) => Handle

/** A function that torch computes on floats and integers alike, of two tensors of one type; a pair of booleans is computed as integers. */
function arithmetic(combine: Combine): AnyKernel {
  return kernel<BinaryInputs>(({ inputs: { a, b }, backend, torch }) => {
    const shape = broadcastShape(a.shape, b.shape)
    requireOneType([a, b])
    const { dtype } = a
    const [x, y] = alignedHandles(backend, a, b)
    if (dtype !== 'bool') return backend.output(combine(torch, x, y), shape, dtype)
    const result = combine(torch, cast(torch, x, 'int32'), cast(torch, y, 'int32'))
    return backend.output(cast(torch, result, 'bool'), shape, dtype)
  })
}

/** A function of real or complex numbers; integers pass through double precision, which holds them and their sums exactly. */
function real(combine: Combine): AnyKernel {
  return kernel<BinaryInputs>(({ inputs: { a, b }, backend, torch }) => {
    const shape = broadcastShape(a.shape, b.shape)
    requireOneType([a, b])
    const { dtype } = a
    const [x, y] = alignedHandles(backend, a, b)
    if (isFloating(dtype)) return backend.output(combine(torch, x, y), shape, dtype)
    const result = combine(torch, cast(torch, x, 'float64'), cast(torch, y, 'float64'))
    return backend.output(truncate(torch, result, dtype), shape, dtype)
  })
}

function comparison(operator: BinaryOperator): AnyKernel {
  return kernel<BinaryInputs>(({ inputs: { a, b }, backend, torch }) =>
    backend.output(
      torch.call(operator, backend.handle(a), backend.handle(b)),
      broadcastShape(a.shape, b.shape),
      'bool',
    ),
  )
}

function logical(operator: BinaryOperator): AnyKernel {
  return kernel<BinaryInputs>(({ inputs: { a, b }, backend, torch }) => {
    requireType('bool', a, b)
    const result = torch.call(operator, backend.handle(a), backend.handle(b))
    return backend.output(result, broadcastShape(a.shape, b.shape), 'bool')
  })
}

function broadcastShape(a: number[], b: number[]): number[] {
  return backend_util.assertAndGetBroadcastShape(a, b)
}
