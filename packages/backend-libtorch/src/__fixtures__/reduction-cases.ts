/** Calls of kernels that reduce, scan or order along axes, and of products. */
import type { Draw, Dtype, TensorSpec } from './draw.ts'
import type { CaseGenerator, KernelCase } from './kernel-case.ts'

const real: readonly Dtype[] = ['float32', 'int32']
const floats: readonly Dtype[] = ['float32']

const reduction =
  (attribute: string, dtypes?: readonly Dtype[]): CaseGenerator =>
  (draw) => {
    const x = draw.tensor(draw.shape(), dtypes)
    return { inputs: { x }, attrs: { [attribute]: draw.axes(x.shape.length), keepDims: draw.chance(0.5) } }
  }

const position: CaseGenerator = (draw) => {
  const x = draw.tensor(nonEmpty(draw, 1), real)
  return { inputs: { x }, attrs: { axis: draw.axis(x.shape.length) } }
}

const scan: CaseGenerator = (draw) => {
  const x = draw.tensor(draw.shape(1), real)
  const axis = draw.integer(0, x.shape.length - 1)
  return { inputs: { x }, attrs: { axis, exclusive: draw.chance(0.5), reverse: draw.chance(0.5) } }
}

export const reductionCases: Readonly<Record<string, CaseGenerator>> = {
  Sum: reduction('axis'),
  Mean: reduction('axis', real),
  Prod: reduction('axis'),
  Max: reduction('reductionIndices', real),
  Min: reduction('axis', real),
  Any: reduction('axis', ['bool']),
  All: reduction('axis', ['bool']),
  ArgMax: position,
  ArgMin: position,
  Cumsum: scan,
  Cumprod: scan,
  Softmax: (draw) => {
    const logits = draw.tensor(nonEmpty(draw, 1), floats)
    return { inputs: { logits }, attrs: { dim: logits.shape.length - 1 } }
  },
  TopK: (draw) => {
    const x = draw.tensor(nonEmpty(draw, 1), real)
    return { inputs: { x }, attrs: { k: draw.integer(0, x.shape.at(-1)!), sorted: true } }
  },
  BatchMatMul: product,
  _FusedMatMul: (draw) => {
    const { inputs, attrs } = product(draw)
    const { a, b } = inputs as Record<'a' | 'b', TensorSpec>
    const columns = attrs.transposeB ? b.shape.at(-2)! : b.shape.at(-1)!
    const matrices = { a: draw.tensor(a.shape, floats), b: draw.tensor(b.shape, floats) }
    const bias = draw.chance(0.7) ? { bias: draw.tensor([columns], floats) } : {}
    const activation = draw.pick(['linear', 'relu', 'relu6', 'elu', 'sigmoid'])
    return { inputs: { ...matrices, ...bias }, attrs: { ...attrs, activation } }
  },
}

function product(draw: Draw): KernelCase {
  const [rows, inner, columns] = [draw.size(), draw.size(), draw.size()]
  const batch = draw.shape(0, 2)
  const [transposeA, transposeB] = [draw.chance(0.5), draw.chance(0.5)]
  const dtypes = [draw.pick(real)]
  const a = draw.tensor([...batch, ...(transposeA ? [inner, rows] : [rows, inner])], dtypes)
  // Of other broadcasts of batches, tfjs's cpu backend takes the wrong matrices.
  const matrix = transposeB ? [columns, inner] : [inner, columns]
  const b = draw.tensor([...(draw.chance(0.2) ? batch.map(() => 1) : batch), ...matrix], dtypes)
  return { inputs: { a, b }, attrs: { transposeA, transposeB } }
}

function nonEmpty(draw: Draw, rank: number): number[] {
  return draw.times(draw.integer(rank, 4), () => draw.integer(1, 5))
}
