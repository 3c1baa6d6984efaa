/** Multinomial logistic regression on stored features: linear evaluation without augmentation (SimCLR appendix B.8). */
import { checkRange } from '@simclr/core'
import { type LbfgsResult, lbfgs } from '@simclr/optimizers'
import { add, matMul, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core'
import { accuracy } from './accuracy.ts'
import { checkFeaturePair, type Features, type LabelledFeatures } from './features.ts'
import { predictedClasses } from './predicted-classes.ts'
import { softmaxObjective } from './softmax-objective.ts'
import { topKAccuracy } from './top-k-accuracy.ts'

export interface LogisticRegressionOptions {
  readonly train: Features
  readonly test: Features
  /** λ of the penalty λ/2·ΣW² on the mean loss; the bias is free. Default 1e-4. */
  readonly regularization?: number
  /** Number of classes. Default: one more than the largest training label. */
  readonly classes?: number
  /** Stop when no element of the gradient is larger than this. Default 1e-6. */
  readonly tolerance?: number
  /** Default 1000. */
  readonly maxIterations?: number
}

export interface LogisticRegressionResult {
  /** Top-1 accuracy on the test set. */
  readonly accuracy: number
  /** Top-5 accuracy on the test set. */
  readonly top5: number
  readonly trainAccuracy: number
  /** Predicted class per test row. */
  readonly predictions: Int32Array
  /** Shape [width, classes]. */
  readonly weights: Float32Array
  /** Length classes. */
  readonly bias: Float32Array
  /** The objective at the solution. */
  readonly objective: number
  readonly iterations: number
  /** Why L-BFGS stopped: `'stalled'` is float32's limit, `'iterations'` means that it had not converged. */
  readonly stopped: LbfgsResult['stopped']
}

/** Relative error of a sum of float32 cross-entropies. */
const OBJECTIVE_PRECISION = 1e-7

/**
 * Fits W and b to minimise mean cross-entropy + λ/2·ΣW² on `train`, from zero, and classifies `test`.
 *
 * @throws SimclrError if features are empty or not finite, labels do not match, or an option is out of range.
 * @example
 * const { accuracy } = await logisticRegression({ train, test, regularization: 1e-5 })
 */
export async function logisticRegression({
  train,
  test,
  regularization = 1e-4,
  classes: givenClasses,
  tolerance = 1e-6,
  maxIterations = 1000,
}: LogisticRegressionOptions): Promise<LogisticRegressionResult> {
  const { classes, ...sets } = checkFeaturePair('logisticRegression', train, test, givenClasses)
  checkRange('logisticRegression: regularization', regularization, 0, Number.MAX_VALUE)

  const { width } = train
  const objective = softmaxObjective(sets.train, classes, regularization)
  const start = new Float64Array((width + 1) * classes)
  const solution = await lbfgs(objective.evaluate, start, {
    tolerance,
    maxIterations,
    precision: OBJECTIVE_PRECISION,
  }).finally(objective.dispose)

  const weights = Float32Array.from(solution.point.subarray(0, width * classes))
  const bias = Float32Array.from(solution.point.subarray(width * classes))
  const [testScores, trainScores] = [
    await scores(sets.test, weights, bias),
    await scores(sets.train, weights, bias),
  ]
  const predictions = predictedClasses(testScores, classes)
  return {
    accuracy: accuracy(predictions, sets.test.labels),
    top5: topKAccuracy(testScores, sets.test.labels, { k: 5, classes }),
    trainAccuracy: accuracy(predictedClasses(trainScores, classes), sets.train.labels),
    predictions,
    weights,
    bias,
    objective: solution.value,
    iterations: solution.iterations,
    stopped: solution.stopped,
  }
}

async function scores(
  { features, width, labels }: LabelledFeatures,
  weights: Float32Array,
  bias: Float32Array,
): Promise<Float32Array> {
  const logits = tidy(() =>
    add(
      matMul(tensor2d(features, [labels.length, width]), tensor2d(weights, [width, bias.length])),
      tensor1d(bias),
    ),
  )
  const values = await logits.data<'float32'>()
  logits.dispose()
  return values
}
