/** Logistic regression at any number of strengths of the penalty, on features that are uploaded once. */
import { type LbfgsResult, lbfgs } from '@simclr/optimizers'
import { add, addN, dispose, matMul, mul, sum, type Tensor1D, tidy } from '@tensorflow/tfjs-core'
import type { Features } from './features.ts'
import { type LinearClassifier, zeroClassifier } from './linear-classifier.ts'
import type { LogisticLoss } from './logistic-loss.ts'
import { logisticObjective } from './logistic-objective.ts'
import {
  downloadClassifier,
  type LogisticParameters,
  packParameters,
  unpackParameters,
  uploadClassifier,
} from './logistic-parameters.ts'
import { type LogisticRows, logisticRows } from './logistic-rows.ts'
import { logisticScaling } from './logistic-scaling.ts'
import { principalComponents } from './principal-components.ts'

export interface LogisticFitOptions {
  /** λ of the penalty λ/2·ΣW². */
  readonly regularization: number
  /**
   * Stop when no element of the gradient of the objective, by weights and bias, is larger than this; where the penalty
   * is on the sum, of the objective per row.
   */
  readonly tolerance: number
  readonly maxIterations: number
  /** Default: zero. */
  readonly start?: LinearClassifier | undefined
}

export interface LogisticFit {
  readonly classifier: LinearClassifier
  /** Mean or sum of the losses + λ/2·ΣW². */
  readonly objective: number
  /** What `tolerance` was compared with. */
  readonly gradient: number
  readonly iterations: number
  /** Why L-BFGS stopped: `'stalled'` is float32's limit, `'iterations'` means that it had not converged. */
  readonly stopped: LbfgsResult['stopped']
}

export interface LogisticSolver {
  fit(options: LogisticFitOptions): Promise<LogisticFit>
  /** Disposes the features on the engine. */
  dispose(): void
}

/** Relative error of a float64 sum of float32 losses. */
const OBJECTIVE_PRECISION = 1e-7

/**
 * Uploads features and finds their principal components, which every fit is preconditioned with.
 *
 * @param features The rows that `loss` has labels of.
 * @param on What the penalty stands beside: the mean of the rows' losses, or their sum.
 * @returns Dispose it.
 */
export async function logisticSolver(
  features: Features,
  loss: LogisticLoss,
  on: 'mean' | 'sum',
): Promise<LogisticSolver> {
  const { width } = features
  const rows = logisticRows(features, loss)
  const perRow = on === 'sum' ? 1 / loss.rows : 1
  const { blocks, center } = rows
  const components = await principalComponents(blocks.map(({ inputs }) => inputs))

  return {
    async fit({
      regularization: penalty,
      tolerance,
      maxIterations,
      start = zeroClassifier(width, loss.classes),
    }) {
      const regularization = penalty * perRow
      const initial = uploadClassifier(start, center)
      const scaling = logisticScaling(components, await meanCurvatures(rows, loss, initial), regularization)
      try {
        const packed = tidy(() => packParameters(scaling.invert(initial)))
        const first = Float64Array.from(await packed.data<'float32'>())
        packed.dispose()
        const objective = logisticObjective({ rows, loss, scaling, regularization })
        const { point, value, gradientNorm, iterations, stopped } = await lbfgs(objective, first, {
          tolerance,
          maxIterations,
          precision: OBJECTIVE_PRECISION,
        })
        const found = tidy(() => ({ ...scaling.apply(unpackParameters(point, width)) }))
        const classifier = await downloadClassifier(found, center)
        dispose([found.weights, found.bias])
        return { classifier, objective: value / perRow, gradient: gradientNorm, iterations, stopped }
      } finally {
        scaling.dispose()
        dispose([initial.weights, initial.bias])
      }
    },

    dispose() {
      rows.dispose()
      components.axes.dispose()
    },
  }
}

/** Of the loss, by each class's logit. */
async function meanCurvatures(
  { blocks }: LogisticRows,
  loss: LogisticLoss,
  { weights, bias }: LogisticParameters,
): Promise<Float32Array> {
  const means = tidy(() => {
    const sums = blocks.map(({ inputs, targets }) =>
      sum<Tensor1D>(loss.curvatures(add(matMul(weights, inputs, false, true), bias), targets), 1),
    )
    return mul(addN(sums), 1 / loss.rows)
  })
  const values = await means.data<'float32'>()
  means.dispose()
  return values
}
