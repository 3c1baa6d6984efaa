/** The parts of batch normalisation, written out in TensorFlow.js operations. */
import {
  add,
  clone,
  div,
  mul,
  relu as rectify,
  square,
  step,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core'
import type { BatchNormParts } from './batch-norm-parts.ts'

/** For backends without kernels of their own. */
export const composedBatchNormParts: BatchNormParts = {
  moments({ x }) {
    const rows = x.size / x.shape[x.rank - 1]!
    const mean = div(sumOverRows(x), rows)
    return [mean, div(sumOverRows(square(sub(x, mean))), rows)]
  },

  normalize({ x, scale, offset, residual, mean, inverseDeviation }, { relu }) {
    let y = mul(sub(x, mean), slope(inverseDeviation, scale))
    if (offset !== undefined) y = add(y, offset)
    if (residual !== undefined) y = add(y, residual)
    return relu ? rectify(y) : y
  },

  gradientSums({ dy, y, x, mean, inverseDeviation }) {
    const dOutput = y === undefined ? clone(dy) : mul(dy, step(y))
    const normalized = mul(sub(x, mean), inverseDeviation)
    return [dOutput, sumOverRows(mul(dOutput, normalized)), sumOverRows(dOutput)]
  },

  inputGradient({ dOutput, x, scale, mean, inverseDeviation, meanScale, meanOffset }) {
    const projection = mul(sub(x, mean), mul(inverseDeviation, meanScale))
    return mul(sub(dOutput, add(projection, meanOffset)), slope(inverseDeviation, scale))
  },
}

function slope(inverseDeviation: Tensor, scale: Tensor | undefined): Tensor {
  return scale === undefined ? inverseDeviation : mul(inverseDeviation, scale)
}

function sumOverRows(x: Tensor): Tensor {
  return sum(
    x,
    x.shape.slice(0, -1).map((_, axis) => axis),
  )
}
