/** Batch normalisation of a training step and its gradient, written out in TensorFlow.js operations. */
import type { Communicator } from '@simclr/core'
import {
  add,
  clone,
  div,
  mul,
  relu as rectify,
  rsqrt,
  square,
  step,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core'
import type { BatchNormPass } from './batch-norm-pass.ts'

/**
 * The statistics of all members of `communicator` together, who must have equally large batches. The gradients
 * of scale and offset are those of this member's rows alone, like the gradients of every other parameter.
 */
export function composedBatchNorm(communicator: Communicator): BatchNormPass {
  const totalOverBatch = (x: Tensor) => communicator.allReduceSum(sumOverRows(x))

  return {
    forward({ x, scale, offset, residual }, { epsilon, relu }) {
      const count = rowCount(x) * communicator.size
      const mean = div(totalOverBatch(x), count)
      const centred = sub(x, mean)
      const variance = div(totalOverBatch(square(centred)), count)
      const inverseDeviation = rsqrt(add(variance, epsilon))

      let y = mul(centred, scale === undefined ? inverseDeviation : mul(inverseDeviation, scale))
      if (offset !== undefined) y = add(y, offset)
      if (residual !== undefined) y = add(y, residual)
      return [relu ? rectify(y) : y, mean, inverseDeviation]
    },

    backward({ dy, y, x, scale, mean, inverseDeviation }, { hasResidual }) {
      const count = rowCount(x) * communicator.size
      const dOutput = y === undefined ? clone(dy) : mul(dy, step(y))
      const normalized = mul(sub(x, mean), inverseDeviation)
      const dOffset = sumOverRows(dOutput)
      const dScale = sumOverRows(mul(dOutput, normalized))

      const meanOffset = div(communicator.allReduceSum(dOffset), count)
      const meanScale = div(communicator.allReduceSum(dScale), count)
      const slope = scale === undefined ? inverseDeviation : mul(inverseDeviation, scale)
      const dx = mul(sub(dOutput, add(meanOffset, mul(normalized, meanScale))), slope)
      return hasResidual ? [dx, dScale, dOffset, dOutput] : [dx, dScale, dOffset]
    },
  }
}

function sumOverRows(x: Tensor): Tensor {
  return sum(
    x,
    x.shape.slice(0, -1).map((_, axis) => axis),
  )
}

function rowCount(x: Tensor): number {
  return x.size / x.shape[x.rank - 1]!
}
