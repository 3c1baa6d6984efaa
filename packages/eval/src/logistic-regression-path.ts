/**
 * Linear evaluation of the transfer suite: logistic regression without augmentation, its penalty chosen on validation
 * images (Kornblith et al. 2019; SimCLR appendix B.8).
 */
import { checkInteger, checkRange, SimclrError } from '@simclr/core'
import type { Metric } from '@simclr/data'
import { continuePath, type PathSolution } from './continue-path.ts'
import type { Features } from './features.ts'
import { classifierScores, type LinearClassifier } from './linear-classifier.ts'
import { checkLogisticSets, joinLogisticData, type LogisticData } from './logistic-data.ts'
import type { LogisticLoss } from './logistic-loss.ts'
import { type LogisticFit, logisticSolver } from './logistic-solver.ts'
import { oneVsRestLoss } from './one-vs-rest-loss.ts'
import { predictedClasses } from './predicted-classes.ts'
import { regularizationPath } from './regularization-path.ts'
import { scorePredictions } from './score-predictions.ts'
import { softmaxLoss } from './softmax-loss.ts'

export interface LogisticRegressionPathOptions {
  readonly train: Features
  readonly validation: Features
  readonly test: Features
  /** Number of classes. Default: one more than the largest training label, or the length of a row of `multiLabels`. */
  readonly classes?: number
  /** Values of λ > 0, in any order. Default: {@link regularizationPath}, the paper's 45 from 1e-6 to 1e5. */
  readonly regularizations?: readonly number[]
  /** λ/2·ΣW² stands beside the sum of the losses of all images (default, Kornblith et al.) or beside their mean. */
  readonly on?: 'sum' | 'mean'
  /** Default: top-1 accuracy; of images with several classes, 11-point mean average precision. */
  readonly metric?: Metric
  /**
   * Stop a fit when no element of the gradient of mean loss + penalty is larger than this, whatever `on` is.
   * Default 1e-6; float32 reaches about 1e-7.
   */
  readonly tolerance?: number
  /** Of each fit. Default 1000. */
  readonly maxIterations?: number
  /** Called after each λ. */
  readonly onProgress?: (progress: LogisticRegressionPathProgress) => void
}

export interface LogisticRegressionPathProgress {
  /** Values of λ. */
  readonly done: number
  readonly total: number
  readonly regularization: number
  /** On the validation images, 0..1. */
  readonly score: number
}

/** The fit to the training images at one λ. */
export interface LogisticRegressionPathPoint {
  readonly regularization: number
  /** On the validation images, in the metric, 0..1. */
  readonly score: number
  /** Sum or mean of the losses, see `on`, + λ/2·ΣW². */
  readonly objective: number
  readonly iterations: number
  /** `'stalled'` is float32's limit, `'iterations'` means that it had not converged. */
  readonly stopped: LogisticFit['stopped']
  /** Largest element of the gradient that `tolerance` is compared with. */
  readonly gradient: number
}

export interface LogisticRegressionPathResult extends LinearClassifier {
  /** On the test images, in the metric, 0..1. */
  readonly score: number
  /** Logits of the test images, shape [n, classes], row-major. */
  readonly scores: Float32Array
  /** Predicted class of each test image; absent for images with several classes. */
  readonly predictions?: Int32Array
  /** The λ with the best validation score; the largest of equally good ones. */
  readonly regularization: number
  /** From the largest λ to the smallest. */
  readonly path: readonly LogisticRegressionPathPoint[]
  /** The fit to training and validation images at the chosen λ. */
  readonly refit: Pick<LogisticRegressionPathPoint, 'objective' | 'iterations' | 'stopped'>
}

/**
 * Fits the training images from the largest λ to the smallest, each from where the last ones led, takes the λ that does
 * best on the validation images, fits training and validation images together, and scores the test images. Images with
 * one class take multinomial regression, images with several one binary regression per class, in whose loss difficult
 * objects (0 in `multiLabels`) do not count. The bias is free.
 *
 * @throws SimclrError if a set is empty or has features that are not finite, sets do not fit each other, validation or
 * test show a class that training does not, the metric is for other labels, or an option is out of range.
 * @example
 * const { score, regularization } = await logisticRegressionPath({ train, validation, test })
 */
export async function logisticRegressionPath({
  classes: givenClasses,
  regularizations = regularizationPath(),
  on = 'sum',
  tolerance = 1e-6,
  maxIterations = 1000,
  onProgress,
  metric: givenMetric,
  ...features
}: LogisticRegressionPathOptions): Promise<LogisticRegressionPathResult> {
  checkRange('logisticRegressionPath: tolerance', tolerance, 0, Number.MAX_VALUE)
  checkInteger('logisticRegressionPath: maxIterations', maxIterations, 0)
  checkRegularizations(regularizations)
  const { train, validation, test, classes } = checkLogisticSets(
    'logisticRegressionPath',
    features,
    givenClasses,
  )
  const metric = givenMetric ?? (train.multiLabels ? '11-point mAP' : 'top-1 accuracy')
  const scoreOf = (scores: Float32Array, { targets }: LogisticData): number =>
    scorePredictions(metric, scores, targets, classes)

  const points: LogisticRegressionPathPoint[] = []
  let best: ({ score: number } & PathSolution) | undefined
  const solver = await logisticSolver(train, lossOf(train, classes), on)
  try {
    const solutions: PathSolution[] = []
    for (const regularization of regularizations.toSorted((a, b) => b - a)) {
      const start = continuePath(solutions, regularization)
      const { classifier, ...fit } = await solver.fit({ regularization, start, tolerance, maxIterations })
      solutions.push({ regularization, classifier })
      const score = scoreOf(await classifierScores(validation, classifier), validation)
      points.push({ regularization, score, ...fit })
      if (best === undefined || score > best.score) best = { regularization, score, classifier }
      onProgress?.({ done: points.length, total: regularizations.length, regularization, score })
    }
  } finally {
    solver.dispose()
  }

  const { regularization, classifier: start } = best!
  const all = joinLogisticData(train, validation)
  const refitter = await logisticSolver(all, lossOf(all, classes), on)
  const { classifier, objective, iterations, stopped } = await refitter
    .fit({ regularization, start, tolerance, maxIterations })
    .finally(refitter.dispose)
  const scores = await classifierScores(test, classifier)
  return {
    score: scoreOf(scores, test),
    scores,
    ...(test.targets instanceof Int32Array && { predictions: predictedClasses(scores, classes) }),
    regularization,
    path: points,
    refit: { objective, iterations, stopped },
    ...classifier,
  }
}

function lossOf({ targets }: LogisticData, classes: number): LogisticLoss {
  return targets instanceof Int8Array ? oneVsRestLoss(targets, classes) : softmaxLoss(targets, classes)
}

function checkRegularizations(regularizations: readonly number[]): void {
  const stray = regularizations.find((value) => !(value > 0 && Number.isFinite(value)))
  if (regularizations.length > 0 && stray === undefined) return
  throw new SimclrError({
    parameter: 'logisticRegressionPath: regularizations',
    expected: 'at least one, each above 0 and finite',
    received: stray === undefined ? 'none' : String(stray),
  })
}
