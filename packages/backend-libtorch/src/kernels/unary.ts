/** Elementwise kernels of one tensor. */
import {
  type ClipByValueAttrs,
  type ClipByValueInputs,
  type EluGradInputs,
  type LeakyReluAttrs,
  type LeakyReluInputs,
  type PreluInputs,
  type StepAttrs,
  type UnaryInputs,
  util,
} from '@tensorflow/tfjs-core'
import { type AnyKernel, type KernelTable, kernel } from '../kernel.ts'
import type { OperatorWith } from '../operators.ts'
import type { Handle } from '../stable-abi.ts'
import type { Torch } from '../torch.ts'
import { cast } from './cast.ts'
import { truncate } from './truncate.ts'

type UnaryOperator = OperatorWith<'Tensor'>

export const unaryKernels: KernelTable = {
  Acos: floating('acos'),
  Acosh: floating('acosh'),
  Asin: floating('asin'),
  Asinh: floating('asinh'),
  Atan: floating('atan'),
  Atanh: floating('atanh'),
  Cos: floating('cos'),
  Cosh: floating('cosh'),
  Erf: floating('erf'),
  Expm1: floating('expm1'),
  Log: floating('log'),
  Log1p: floating('log1p'),
  Reciprocal: floating('reciprocal'),
  Rsqrt: floating('rsqrt'),
  Selu: floating('selu'),
  Sigmoid: floating('sigmoid'),
  Sin: floating('sin'),
  Sinh: floating('sinh'),
  Sqrt: floating('sqrt'),
  Tan: floating('tan'),
  Tanh: floating('tanh'),
  Softplus: real((torch, x) => torch.call('logaddexp', x, torch.constant(0))),
  Elu: real(elu),
  Exp: kernel<UnaryInputs>(({ inputs: { x }, backend, torch }) =>
    backend.output(torch.call('exp', cast(torch, backend.handle(x), 'float32')), x.shape, 'float32'),
  ),
  Abs: numeric((torch, x) => torch.call('abs', x)),
  Ceil: numeric((torch, x) => torch.call('ceil', x)),
  Floor: numeric((torch, x) => torch.call('floor', x)),
  Neg: numeric((torch, x) => torch.call('neg', x)),
  Relu: numeric((torch, x) => torch.call('relu', x)),
  Relu6: numeric((torch, x) => torch.call('relu6', x)),
  Round: numeric((torch, x) => torch.call('round', x)),
  Sign: numeric((torch, x) => torch.call('sign', x)),
  Square: numeric((torch, x) => torch.call('mul.Tensor', x, x)),
  IsFinite: test('isfinite'),
  IsInf: test('isinf'),
  IsNan: test('isnan'),
  LogicalNot: test('logical_not'),
  ClipByValue: kernel<ClipByValueInputs, ClipByValueAttrs>(({ inputs: { x }, attrs, backend, torch }) => {
    const { clipValueMin, clipValueMax } = attrs
    util.assert(clipValueMin <= clipValueMax, () => `The range [${clipValueMin}, ${clipValueMax}] is empty.`)
    const dtype = x.dtype === 'float32' ? 'float32' : 'int32'
    // Two vectorised passes: PyTorch's clamp with tensors as bounds is not vectorised, and several times slower.
    const clipped = torch.call('maximum', backend.handle(x), torch.constant(clipValueMin, dtype))
    torch.call('clamp_max_.Tensor', clipped, torch.constant(clipValueMax, dtype))
    return backend.output(clipped, x.shape, x.dtype)
  }),
  LeakyRelu: kernel<LeakyReluInputs, LeakyReluAttrs>(({ inputs: { x }, attrs: { alpha }, backend, torch }) =>
    backend.output(leakyRelu(torch, cast(torch, backend.handle(x), 'float32'), alpha), x.shape, 'float32'),
  ),
  Prelu: kernel<PreluInputs>(({ inputs: { x, alpha }, backend, torch }) =>
    backend.output(
      torch.call(
        '_prelu_kernel',
        cast(torch, backend.handle(x), 'float32'),
        cast(torch, backend.handle(alpha), 'float32'),
      ),
      x.shape,
      'float32',
    ),
  ),
  EluGrad: kernel<EluGradInputs>(({ inputs: { dy, y }, backend, torch }) => {
    util.assertShapesMatch(dy.shape, y.shape)
    const negative = torch.call('minimum', backend.handle(y), torch.constant(0))
    const slope = torch.add(negative, torch.constant(1))
    return backend.output(torch.call('mul_.Tensor', slope, backend.handle(dy)), y.shape, 'float32')
  }),
  Step: kernel<UnaryInputs, StepAttrs>(({ inputs: { x }, attrs: { alpha }, backend, torch }) => {
    const handle = backend.handle(x)
    const positive = torch.call('gt.Tensor', handle, torch.constant(0))
    const steps = torch.call('where.self', positive, torch.constant(1), torch.constant(alpha))
    const result = torch.call('where.self', torch.call('isnan', handle), torch.constant(Number.NaN), steps)
    return backend.output(cast(torch, result, x.dtype === 'float32' ? 'float32' : 'int32'), x.shape, x.dtype)
  }),
}

/** `max(x, eˣ − 1)` with the exponential of the negative part only, so that nothing overflows. */
export function elu(torch: Torch, x: Handle): Handle {
  const negative = torch.call('minimum', x, torch.constant(0))
  return torch.call('maximum', x, torch.call('expm1_', negative))
}

/** `x` where positive, else `alpha · x`. */
export function leakyRelu(torch: Torch, x: Handle, alpha: number): Handle {
  return torch.call('_prelu_kernel', x, torch.constant(alpha))
}

type Compute = (torch: Torch, x: Handle) => Handle

function floating(operator: UnaryOperator): AnyKernel {
  return real((torch, x) => torch.call(operator, x))
}

/** A function of real numbers: integers are computed in double precision, and the result is cut to the input's type. */
function real(compute: Compute): AnyKernel {
  return kernel<UnaryInputs>(({ inputs: { x }, backend, torch }) => {
    const handle = backend.handle(x)
    if (x.dtype === 'float32') return backend.output(compute(torch, handle), x.shape, x.dtype)
    const result = compute(torch, cast(torch, handle, 'float64'))
    return backend.output(truncate(torch, result, x.dtype), x.shape, x.dtype)
  })
}

/** A function that torch defines on floats and integers; booleans are computed as integers. */
function numeric(run: Compute): AnyKernel {
  return kernel<UnaryInputs>(({ inputs: { x }, backend, torch }) => {
    const handle = backend.handle(x)
    if (x.dtype !== 'bool') return backend.output(run(torch, handle), x.shape, x.dtype)
    return backend.output(cast(torch, run(torch, cast(torch, handle, 'int32')), 'bool'), x.shape, 'bool')
  })
}

function test(operator: UnaryOperator): AnyKernel {
  return kernel<UnaryInputs>(({ inputs: { x }, backend, torch }) =>
    backend.output(torch.call(operator, backend.handle(x)), x.shape, 'bool'),
  )
}
