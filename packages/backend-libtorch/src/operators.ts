/**
 * The PyTorch operators this package calls: `name.overload` and the types of its arguments in order, as PyTorch's
 * `native_functions.yaml` lists them. Adding an operator is adding a row.
 * Arguments of type Scalar cannot pass through the stable C interface, so overloads with tensors are used.
 */
import type { Device } from './device.ts'

export const operators = {
  // elementwise, one argument
  abs: 'Tensor',
  abs_: 'Tensor',
  acos: 'Tensor',
  acosh: 'Tensor',
  asin: 'Tensor',
  asinh: 'Tensor',
  atan: 'Tensor',
  atanh: 'Tensor',
  ceil: 'Tensor',
  cos: 'Tensor',
  cosh: 'Tensor',
  erf: 'Tensor',
  exp: 'Tensor',
  expm1: 'Tensor',
  expm1_: 'Tensor',
  floor: 'Tensor',
  isfinite: 'Tensor',
  isinf: 'Tensor',
  isnan: 'Tensor',
  log: 'Tensor',
  log1p: 'Tensor',
  logical_not: 'Tensor',
  neg: 'Tensor',
  reciprocal: 'Tensor',
  relu: 'Tensor',
  relu_: 'Tensor',
  relu6: 'Tensor',
  round: 'Tensor',
  rsqrt: 'Tensor',
  selu: 'Tensor',
  sigmoid: 'Tensor',
  sign: 'Tensor',
  sign_: 'Tensor',
  sin: 'Tensor',
  sinh: 'Tensor',
  sqrt: 'Tensor',
  tan: 'Tensor',
  tanh: 'Tensor',
  // elementwise, two or three arguments
  'mul.Tensor': 'Tensor Tensor',
  'mul_.Tensor': 'Tensor Tensor',
  'div.Tensor': 'Tensor Tensor',
  'pow.Tensor_Tensor': 'Tensor Tensor',
  maximum: 'Tensor Tensor',
  minimum: 'Tensor Tensor',
  '_foreach_mul.List': 'Tensor[] Tensor[]',
  '_foreach_mul.Tensor': 'Tensor[] Tensor',
  '_foreach_addcmul_.Tensor': 'Tensor[] Tensor[] Tensor[] Tensor',
  norm_except_dim: 'Tensor int int',
  'dot.out': 'Tensor Tensor Tensor',
  _fused_sgd_: 'Tensor[] Tensor[] Tensor[] float float float float bool bool bool Tensor? Tensor?',
  atan2: 'Tensor Tensor',
  'remainder.Tensor': 'Tensor Tensor',
  'eq.Tensor': 'Tensor Tensor',
  'ne.Tensor': 'Tensor Tensor',
  'lt.Tensor': 'Tensor Tensor',
  'le.Tensor': 'Tensor Tensor',
  'gt.Tensor': 'Tensor Tensor',
  'ge.Tensor': 'Tensor Tensor',
  logical_and: 'Tensor Tensor',
  logical_or: 'Tensor Tensor',
  logical_xor: 'Tensor Tensor',
  logaddexp: 'Tensor Tensor',
  _prelu_kernel: 'Tensor Tensor',
  'bitwise_and.Tensor': 'Tensor Tensor',
  'clamp_max_.Tensor': 'Tensor Tensor',
  'clamp_min_.Tensor': 'Tensor Tensor',
  'copysign.Tensor': 'Tensor Tensor',
  'lerp.Tensor': 'Tensor Tensor Tensor',
  'where.self': 'Tensor Tensor Tensor',
  nan_to_num: 'Tensor float? float? float?',
  // reductions and scans
  'sum.dim_IntList': 'Tensor int[]? bool int?',
  'mean.dim': 'Tensor int[]? bool int?',
  'prod.dim_int': 'Tensor int bool int?',
  amax: 'Tensor int[] bool',
  amin: 'Tensor int[] bool',
  'any.dims': 'Tensor int[]? bool',
  'all.dims': 'Tensor int[]? bool',
  argmax: 'Tensor int? bool',
  argmin: 'Tensor int? bool',
  cumsum: 'Tensor int int?',
  cumprod: 'Tensor int int?',
  // products
  matmul: 'Tensor Tensor',
  einsum: 'str Tensor[] int[]?',
  // complex numbers
  complex: 'Tensor Tensor',
  view_as_real: 'Tensor',
  _fft_c2c: 'Tensor int[] int bool',
  // convolution, pooling, normalisation
  convolution: 'Tensor Tensor Tensor? int[] int[] int[] bool int[] int',
  convolution_backward: 'Tensor Tensor Tensor int[]? int[] int[] int[] bool int[] int bool[]',
  max_pool2d_with_indices: 'Tensor int[] int[] int[] int[] bool',
  max_pool2d_with_indices_backward: 'Tensor Tensor int[] int[] int[] int[] bool Tensor',
  avg_pool2d: 'Tensor int[] int[] int[] bool bool int?',
  avg_pool2d_backward: 'Tensor Tensor int[] int[] int[] bool bool int?',
  max_pool3d_with_indices: 'Tensor int[] int[] int[] int[] bool',
  max_pool3d_with_indices_backward: 'Tensor Tensor int[] int[] int[] int[] bool Tensor',
  avg_pool3d: 'Tensor int[] int[] int[] bool bool int?',
  avg_pool3d_backward: 'Tensor Tensor int[] int[] int[] bool bool int?',
  im2col: 'Tensor int[] int[] int[] int[]',
  col2im: 'Tensor int[] int[] int[] int[] int[]',
  native_batch_norm: 'Tensor Tensor? Tensor? Tensor? Tensor? bool float float',
  'native_batch_norm.out': 'Tensor Tensor? Tensor? Tensor? Tensor? bool float float Tensor Tensor Tensor',
  batch_norm_update_stats: 'Tensor Tensor? Tensor? float',
  native_batch_norm_backward: 'Tensor Tensor Tensor? Tensor? Tensor? Tensor? Tensor? bool float bool[]',
  _softmax: 'Tensor int bool',
  _log_softmax: 'Tensor int bool',
  // shapes
  reshape: 'Tensor int[]',
  'view.dtype': 'Tensor int',
  permute: 'Tensor int[]',
  expand: 'Tensor int[] bool',
  repeat: 'Tensor int[]',
  flip: 'Tensor int[]',
  unsqueeze: 'Tensor int',
  'transpose.int': 'Tensor int int',
  'select.int': 'Tensor int int',
  diag_embed: 'Tensor int int int',
  unfold: 'Tensor int int int',
  'slice.Tensor': 'Tensor int int? int? int',
  cat: 'Tensor[] int',
  stack: 'Tensor[] int',
  pad: 'Tensor int[] str float?',
  clone: 'Tensor int?',
  contiguous: 'Tensor int',
  'to.dtype': 'Tensor int bool bool int?',
  zeros_like: 'Tensor int? int? int? bool? int?',
  ones_like: 'Tensor int? int? int? bool? int?',
  empty_like: 'Tensor int? int? int? bool? int?',
  'empty.memory_format': 'int[] int? int? Device? bool? int?',
  // selection
  index_select: 'Tensor int Tensor',
  gather: 'Tensor int Tensor bool',
  scatter_add: 'Tensor int Tensor Tensor',
  'scatter.src': 'Tensor int Tensor Tensor',
  topk: 'Tensor int int bool bool',
  'sort.stable': 'Tensor bool? int bool',
} as const

export type Operator = keyof typeof operators

/** The operators with a signature, e.g. `'Tensor Tensor'`. */
export type OperatorWith<Signature extends string> = {
  [O in Operator]: (typeof operators)[O] extends Signature ? O : never
}[Operator]

/** How an argument travels, and its TypeScript type; a question mark admits null. */
export interface ArgumentValues {
  Tensor: bigint
  'Tensor?': bigint | null
  'Tensor[]': readonly bigint[]
  int: number
  'int?': number | null
  'int[]': readonly number[]
  'int[]?': readonly number[] | null
  float: number
  'float?': number | null
  bool: boolean
  'bool?': boolean | null
  'bool[]': readonly boolean[]
  str: string
  'Device?': Device | null
}

export type ArgumentType = keyof ArgumentValues

type ValuesOf<Signature extends string> =
  Signature extends `${infer First extends ArgumentType} ${infer Rest}`
    ? [ArgumentValues[First], ...ValuesOf<Rest>]
    : [ArgumentValues[Signature & ArgumentType]]

/** The TypeScript types of each operator's arguments. */
export type OperatorArguments = { [O in Operator]: ValuesOf<(typeof operators)[O]> }
