/** Batch normalisation with the statistics of several processes, as the official code's cross-replica one. */
import type { Communicator } from '@simclr/core'
import { add, div, relu, rsqrt, square, stack, sub, type Tensor, unstack } from '@tensorflow/tfjs-core'
import { composedBatchNormParts } from './batch-norm-composed.ts'
import { nativeBatchNormParts } from './batch-norm-parts.ts'
import type { BatchNormPass } from './batch-norm-pass.ts'

/**
 * The statistics of all members of `communicator` together, who must have equally large batches; one reduction in each
 * direction. The gradients of scale and offset are those of this member's rows alone, like those of other parameters.
 */
export function synchronizedBatchNorm(communicator: Communicator): BatchNormPass {
  const parts = nativeBatchNormParts() ?? composedBatchNormParts

  return {
    forward({ x, ...others }, { epsilon, relu }) {
      const [mean, variance] = groupMoments(communicator, parts.moments({ x })) as [Tensor, Tensor]
      const inverseDeviation = rsqrt(add(variance, epsilon))
      const y = parts.normalize({ x, ...others, mean, inverseDeviation }, { relu })
      return [y, mean, inverseDeviation]
    },

    backward({ scale, ...inputs }, { hasResidual, discardsY }) {
      const { x, mean, inverseDeviation } = inputs
      const sums = parts.gradientSums(inputs, { discardsY })
      const [dOutput, dScale, dOffset] = sums as [Tensor, Tensor, Tensor]

      const rows = (x.size / mean.size) * communicator.size
      const means = groupMeans(communicator, [dScale, dOffset], rows)
      const [meanScale, meanOffset] = means as [Tensor, Tensor]
      const scaleInput = scale === undefined ? {} : { scale }
      const dx = parts.inputGradient(
        { dOutput, x, ...scaleInput, mean, inverseDeviation, meanScale, meanOffset },
        { discardsOutputGradient: !hasResidual },
      )
      return hasResidual ? [dx, dScale, dOffset, dOutput] : [dx, dScale, dOffset]
    },
  }
}

/** Mean and biased variance of all rows from those of each member's. */
function groupMoments(communicator: Communicator, moments: Tensor[]): Tensor[] {
  if (communicator.size === 1) return moments
  const [mean, variance] = moments as [Tensor, Tensor]
  const means = groupMeans(communicator, [mean, add(variance, square(mean))], communicator.size)
  const [groupMean, meanSquare] = means as [Tensor, Tensor]
  // Rounding can make the difference of a constant channel negative.
  return [groupMean, relu(sub(meanSquare, square(groupMean)))]
}

/** The sums over all members, divided by `count`, in one reduction. */
function groupMeans(communicator: Communicator, summands: Tensor[], count: number): Tensor[] {
  return unstack(div(communicator.allReduceSum(stack(summands)), count))
}
