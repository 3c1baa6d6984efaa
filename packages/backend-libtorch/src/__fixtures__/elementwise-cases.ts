/** Calls of kernels that work element by element. */
import type { Draw, Dtype } from './draw.ts'
import type { CaseGenerator } from './kernel-case.ts'

const numeric: readonly Dtype[] = ['float32', 'int32', 'bool']
const real: readonly Dtype[] = ['float32', 'int32']
const floats: readonly Dtype[] = ['float32']
const booleans: readonly Dtype[] = ['bool']

const unary =
  (dtypes?: readonly Dtype[]): CaseGenerator =>
  (draw) => {
    const shape = draw.shape()
    return { inputs: { x: dtypes === undefined && draw.chance(0.3) ? draw.wild(shape) : draw.tensor(shape, dtypes) }, attrs: {} }
  }

const binary =
  (dtypes?: readonly Dtype[]): CaseGenerator =>
  (draw) => {
    const shape = draw.shape()
    const isWild = dtypes === undefined && draw.chance(0.2)
    const type = [draw.pick(dtypes ?? numeric)]
    const operand = (shape: readonly number[]) => (isWild ? draw.wild(shape) : draw.tensor(shape, type))
    const operands = [operand(shape), operand(draw.broadcastable(shape))]
    const [a, b] = draw.chance(0.5) ? operands : operands.toReversed()
    return { inputs: { a: a!, b: b! }, attrs: {} }
  }

const each = (names: string, generator: CaseGenerator): Record<string, CaseGenerator> =>
  Object.fromEntries(names.split(' ').map((name) => [name, generator]))

export const elementwiseCases: Readonly<Record<string, CaseGenerator>> = {
  ...each('Abs Ceil Exp Expm1 Floor IsFinite IsInf IsNan Neg Relu Relu6 Round Sign Square', unary()),
  ...each('Acos Acosh Asin Asinh Atan Atanh Cos Cosh Elu Erf Log Log1p Reciprocal Rsqrt', unary()),
  ...each('Selu Sigmoid Sin Sinh Softplus Sqrt Tan Tanh', unary()),
  ...each('LogicalNot', unary(booleans)),
  ...each('Identity ZerosLike OnesLike', unary()),
  ...each('Add Sub Multiply Maximum Minimum SquaredDifference RealDiv Atan2 FloorDiv', binary()),
  ...each('Equal NotEqual Less LessEqual Greater GreaterEqual', binary()),
  ...each('LogicalAnd LogicalOr', binary(booleans)),
  // Of infinite divisors, torch and JavaScript differ
  Mod: binary(numeric),
  Pow: binary(real),
  BitwiseAnd: binary(['int32']),
  Prelu: (draw) => {
    const x = draw.tensor(draw.shape(), floats)
    return { inputs: { x, alpha: draw.tensor(draw.broadcastable(x.shape), floats) }, attrs: {} }
  },
  EluGrad: (draw) => {
    const shape = draw.shape()
    return { inputs: { dy: draw.tensor(shape, floats), y: draw.tensor(shape, floats) }, attrs: {} }
  },
  ClipByValue: (draw) => ({
    inputs: { x: draw.tensor(draw.shape(), real) },
    attrs: { clipValueMin: draw.integer(-3, 0), clipValueMax: draw.integer(0, 3) },
  }),
  LeakyRelu: (draw) => ({ inputs: { x: draw.tensor(draw.shape(), real) }, attrs: { alpha: draw.unit() } }),
  Step: (draw) => ({ inputs: { x: draw.wild(draw.shape()) }, attrs: { alpha: draw.unit() } }),
  Cast: (draw) => ({
    inputs: { x: draw.chance(0.5) ? draw.wild(draw.shape()) : draw.tensor(draw.shape()) },
    attrs: { dtype: draw.pick(['float32', 'int32', 'bool']) },
  }),
  AddN: (draw) => {
    const shape = draw.shape()
    const dtype = draw.pick(real)
    return { inputs: draw.times(draw.integer(1, 3), () => draw.tensor(shape, [dtype])), attrs: {} }
  },
  Select: (draw) => {
    const shape = draw.shape()
    const [t, e] = selected(draw, shape)
    return { inputs: { condition: draw.tensor(shape, booleans), t, e }, attrs: {} }
  },
}

function selected(draw: Draw, shape: readonly number[]) {
  return [draw.tensor(shape), draw.tensor(shape)] as const
}
