/** Mean loss + λ/2·ΣW² of logistic regression with its gradient, on the engine, in scaled variables. */
import type { Evaluation } from '@simclr/optimizers'
import {
  abs,
  add,
  addN,
  concat,
  dispose,
  matMul,
  max,
  mul,
  sum,
  type Tensor,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs-core'
import type { LogisticLoss } from './logistic-loss.ts'
import { packParameters, unpackParameters } from './logistic-parameters.ts'
import type { LogisticRows } from './logistic-rows.ts'
import type { LogisticScaling } from './logistic-scaling.ts'

export interface LogisticObjectiveOptions {
  readonly rows: LogisticRows
  readonly loss: LogisticLoss
  readonly scaling: LogisticScaling
  /** λ beside the mean of the losses; the bias is free. */
  readonly regularization: number
}

/**
 * Losses and weights are float32, their sums float64.
 *
 * @returns A function of the scaled weights `[classes, width]`, row-major, followed by the scaled bias. The `gradientNorm`
 * of what it returns is the largest element of the gradient by weights and bias as they are for features that are
 * neither centred nor scaled.
 */
export function logisticObjective({
  rows: { blocks, center },
  loss,
  scaling,
  regularization,
}: LogisticObjectiveOptions): (point: Float64Array) => Promise<Evaluation> {
  const { rows } = loss
  const width = center.shape[1]
  return async (point) => {
    const tensors = tidy((): Tensor[] => {
      const { weights, bias } = scaling.apply(unpackParameters(point, width))
      const parts = blocks.map(({ inputs, targets }) => {
        const { losses, slopes } = loss.evaluate(add(matMul(weights, inputs, false, true), bias), targets)
        return { losses, weights: matMul(slopes, inputs), bias: sum<Tensor2D>(slopes, 1, true) }
      })
      const meanSlope = (name: 'weights' | 'bias'): Tensor2D =>
        mul(addN(parts.map((part) => part[name])), 1 / rows)
      const biasSlope = meanSlope('bias')
      const weightSlope = add<Tensor2D>(meanSlope('weights'), mul(weights, regularization))
      const uncentered = add<Tensor2D>(weightSlope, matMul(biasSlope, center))
      return [
        concat(parts.map(({ losses }) => losses)),
        weights,
        packParameters(scaling.apply({ weights: weightSlope, bias: biasSlope })),
        max(abs(packParameters({ weights: uncentered, bias: biasSlope }))),
      ]
    })
    const [losses, weights, gradient, norm] = await Promise.all(
      tensors.map((tensor) => tensor.data<'float32'>()),
    )
    dispose(tensors)
    const penalty = (regularization / 2) * weights!.reduce((total, weight) => total + weight * weight, 0)
    return {
      value: losses!.reduce((total, value) => total + value, 0) / rows + penalty,
      gradient: Float64Array.from(gradient!),
      gradientNorm: norm![0]!,
    }
  }
}
