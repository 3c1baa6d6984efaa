/** Multinomial logistic regression on stored features: linear evaluation without augmentation (SimCLR appendix B.8). */
import { checkRange } from '@simclr/core'
import { accuracy } from './accuracy.ts'
import { checkFeaturePair, type Features } from './features.ts'
import { classifierScores } from './linear-classifier.ts'
import { type LogisticFit, logisticSolver } from './logistic-solver.ts'
import { predictedClasses } from './predicted-classes.ts'
import { softmaxLoss } from './softmax-loss.ts'
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
  readonly stopped: LogisticFit['stopped']
}

/**
 * Fits W and b by preconditioned L-BFGS to minimise mean cross-entropy + λ/2·ΣW² on `train`, from zero, and classifies `test`.
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

  const solver = await logisticSolver(sets.train, softmaxLoss(sets.train.labels, classes), 'mean')
  const {
    classifier,
    gradient: _,
    ...fit
  } = await solver.fit({ regularization, tolerance, maxIterations }).finally(solver.dispose)
  const testScores = await classifierScores(sets.test, classifier)
  const trainScores = await classifierScores(sets.train, classifier)
  const predictions = predictedClasses(testScores, classes)
  return {
    accuracy: accuracy(predictions, sets.test.labels),
    top5: topKAccuracy(testScores, sets.test.labels, { classes }),
    trainAccuracy: accuracy(predictedClasses(trainScores, classes), sets.train.labels),
    predictions,
    ...classifier,
    ...fit,
  }
}
