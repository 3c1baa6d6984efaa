/**
 * A change of variables that makes logistic regression well conditioned. Its Hessian for class c is about
 * curvature_c · covariance + λ: taken as it is along the leading principal components of the features, and with their
 * mean variance along all other directions.
 */
import { add, dispose, matMul, mul, type Tensor2D, tensor2d, tidy, transpose } from '@tensorflow/tfjs-core'
import type { LogisticParameters } from './logistic-parameters.ts'
import type { PrincipalComponents } from './principal-components.ts'

/** The symmetric root of that Hessian's inverse. */
export interface LogisticScaling {
  /** From new variables to parameters, and from derivatives by parameters to derivatives by the new variables. */
  apply(values: LogisticParameters): LogisticParameters
  /** From parameters to the new variables. */
  invert(values: LogisticParameters): LogisticParameters
  dispose(): void
}

/** Curvatures, and shares of them, below this are taken to be this: classes told apart beyond doubt, constant features. */
const SMALLEST = 1e-9

/**
 * @param curvatures Mean second derivative of the loss by each class's logit.
 * @param regularization λ beside the mean of the losses.
 */
export function logisticScaling(
  { axes, variances, rest }: PrincipalComponents,
  curvatures: ArrayLike<number>,
  regularization: number,
): LogisticScaling {
  const known = Array.from(curvatures, (curvature) => Math.max(curvature, SMALLEST))
  const roots = (variance: number): number[] =>
    known.map((curvature) => Math.sqrt(Math.max(curvature * variance + regularization, curvature * SMALLEST)))
  const others = roots(rest)
  const tables = (power: 1 | -1) => ({
    others: tensor2d(others.map((root) => [root ** power])),
    leading: tidy(() => {
      const differences = Array.from(variances, (variance) =>
        roots(variance).map((root, c) => root ** power - others[c]! ** power),
      )
      return transpose(tensor2d(differences))
    }),
    bias: tensor2d(known.map((curvature) => [curvature ** (power / 2)])),
  })
  const [direct, inverse] = [tables(-1), tables(1)]
  const multiply = ({ weights, bias }: LogisticParameters, table: typeof direct): LogisticParameters => ({
    weights: tidy(() => {
      const along = mul<Tensor2D>(matMul(weights, axes), table.leading)
      return add(mul(weights, table.others), matMul(along, axes, false, true))
    }),
    bias: mul(bias, table.bias),
  })
  return {
    apply: (values) => multiply(values, direct),
    invert: (values) => multiply(values, inverse),
    dispose: () => dispose([...Object.values(direct), ...Object.values(inverse)]),
  }
}
