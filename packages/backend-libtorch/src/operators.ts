/**
 * The PyTorch operators this package calls, `name.overload` → the types of their arguments in order,
 * as `torch/_C/_VariableFunctions.pyi` or `native_functions.yaml` list them. Adding an operator is adding a row.
 * Arguments of type Scalar cannot pass through the stable C interface, so overloads with tensors are used.
 */
export const operators = {
  // elementwise, one argument
  ...unary(
    'abs acos acosh asin asinh atan atanh ceil cos cosh erf exp expm1 floor isfinite isinf isnan log log1p',
  ),
  ...unary(
    'logical_not neg reciprocal relu relu_ relu6 round rsqrt selu sigmoid sign sin sinh sqrt tan tanh expm1_',
  ),
  // elementwise, two or three arguments
  ...binary('mul.Tensor mul_.Tensor div.Tensor pow.Tensor_Tensor maximum minimum atan2 remainder.Tensor'),
  ...binary('eq.Tensor ne.Tensor lt.Tensor le.Tensor gt.Tensor ge.Tensor logical_and logical_or logical_xor'),
  ...binary('logaddexp _prelu_kernel bitwise_and.Tensor'),
  'clamp.Tensor': ['Tensor', 'Tensor?', 'Tensor?'],
  'where.self': ['Tensor', 'Tensor', 'Tensor'],
  // reductions and scans
  'sum.dim_IntList': ['Tensor', 'int[]?', 'bool', 'int?'],
  'mean.dim': ['Tensor', 'int[]?', 'bool', 'int?'],
  'prod.dim_int': ['Tensor', 'int', 'bool', 'int?'],
  amax: ['Tensor', 'int[]', 'bool'],
  amin: ['Tensor', 'int[]', 'bool'],
  'any.dims': ['Tensor', 'int[]?', 'bool'],
  'all.dims': ['Tensor', 'int[]?', 'bool'],
  argmax: ['Tensor', 'int?', 'bool'],
  argmin: ['Tensor', 'int?', 'bool'],
  cumsum: ['Tensor', 'int', 'int?'],
  cumprod: ['Tensor', 'int', 'int?'],
  // products
  matmul: ['Tensor', 'Tensor'],
  linear: ['Tensor', 'Tensor', 'Tensor?'],
  // convolution, pooling, normalisation
  convolution: ['Tensor', 'Tensor', 'Tensor?', 'int[]', 'int[]', 'int[]', 'bool', 'int[]', 'int'],
  convolution_backward: [
    ...(['Tensor', 'Tensor', 'Tensor', 'int[]?', 'int[]', 'int[]', 'int[]'] as const),
    ...(['bool', 'int[]', 'int', 'bool[]'] as const),
  ],
  max_pool2d_with_indices: ['Tensor', 'int[]', 'int[]', 'int[]', 'int[]', 'bool'],
  max_pool2d_with_indices_backward: [
    ...(['Tensor', 'Tensor', 'int[]', 'int[]', 'int[]', 'int[]', 'bool', 'Tensor'] as const),
  ],
  avg_pool2d: ['Tensor', 'int[]', 'int[]', 'int[]', 'bool', 'bool', 'int?'],
  avg_pool2d_backward: ['Tensor', 'Tensor', 'int[]', 'int[]', 'int[]', 'bool', 'bool', 'int?'],
  native_batch_norm: ['Tensor', 'Tensor?', 'Tensor?', 'Tensor?', 'Tensor?', 'bool', 'float', 'float'],
  native_batch_norm_backward: [
    ...(['Tensor', 'Tensor', 'Tensor?', 'Tensor?', 'Tensor?', 'Tensor?', 'Tensor?'] as const),
    ...(['bool', 'float', 'bool[]'] as const),
  ],
  _softmax: ['Tensor', 'int', 'bool'],
  _log_softmax: ['Tensor', 'int', 'bool'],
  // shapes
  reshape: ['Tensor', 'int[]'],
  permute: ['Tensor', 'int[]'],
  expand: ['Tensor', 'int[]', 'bool'],
  repeat: ['Tensor', 'int[]'],
  flip: ['Tensor', 'int[]'],
  unsqueeze: ['Tensor', 'int'],
  'transpose.int': ['Tensor', 'int', 'int'],
  'slice.Tensor': ['Tensor', 'int', 'int?', 'int?', 'int'],
  cat: ['Tensor[]', 'int'],
  stack: ['Tensor[]', 'int'],
  pad: ['Tensor', 'int[]', 'str', 'float?'],
  clone: ['Tensor', 'int?'],
  contiguous: ['Tensor', 'int'],
  'to.dtype': ['Tensor', 'int', 'bool', 'bool', 'int?'],
  zeros_like: ['Tensor', 'int?', 'int?', 'int?', 'bool?', 'int?'],
  ones_like: ['Tensor', 'int?', 'int?', 'int?', 'bool?', 'int?'],
  empty_like: ['Tensor', 'int?', 'int?', 'int?', 'bool?', 'int?'],
  'empty.memory_format': ['int[]', 'int?', 'int?', 'int?', 'bool?', 'int?'],
  // selection
  index_select: ['Tensor', 'int', 'Tensor'],
  gather: ['Tensor', 'int', 'Tensor', 'bool'],
  scatter_add: ['Tensor', 'int', 'Tensor', 'Tensor'],
  'scatter.src': ['Tensor', 'int', 'Tensor', 'Tensor'],
  topk: ['Tensor', 'int', 'int', 'bool', 'bool'],
  'sort.stable': ['Tensor', 'bool?', 'int', 'bool'],
} as const satisfies Record<string, readonly ArgumentType[]>

export type Operator = keyof typeof operators

/** How an argument travels; a question mark admits null. */
export type ArgumentType = keyof ArgumentValues

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
}

type ValuesOf<Types extends readonly ArgumentType[]> = {
  -readonly [I in keyof Types]: ArgumentValues[Types[I]]
}

/** The TypeScript types of an operator's arguments. */
export type OperatorArguments<O extends Operator> = ValuesOf<(typeof operators)[O]>

type Words<S extends string> = S extends `${infer Head} ${infer Tail}` ? Head | Words<Tail> : S

function unary<S extends string>(names: S): Record<Words<S>, readonly ['Tensor']> {
  return rows(names, ['Tensor'])
}

function binary<S extends string>(names: S): Record<Words<S>, readonly ['Tensor', 'Tensor']> {
  return rows(names, ['Tensor', 'Tensor'])
}

function rows<S extends string, T>(names: S, types: T): Record<Words<S>, T> {
  return Object.fromEntries(names.split(' ').map((name) => [name, types])) as Record<Words<S>, T>
}
