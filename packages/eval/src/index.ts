export { accuracy } from './accuracy.ts'
export { confusionMatrix } from './confusion-matrix.ts'
export { type ElevenPointMeanAveragePrecision, elevenPointMeanAveragePrecision } from './eleven-point-map.ts'
export { type Encoder, type ExtractFeaturesOptions, extractFeatures } from './extract-features.ts'
export type { Features } from './features.ts'
export { type FineTuneOptions, fineTune } from './fine-tune.ts'
export { type KnnOptions, type KnnResult, knn } from './knn.ts'
export {
  type LinearEvaluationOptions,
  type LinearEvaluationProgress,
  type LinearEvaluationResult,
  linearEvaluation,
} from './linear-evaluation.ts'
export {
  type LogisticRegressionOptions,
  type LogisticRegressionResult,
  logisticRegression,
} from './logistic-regression.ts'
export { type McnemarTestResult, mcnemarTest } from './mcnemar-test.ts'
export { meanPerClassAccuracy } from './mean-per-class-accuracy.ts'
export { type NotWorseThanBestOptions, notWorseThanBest } from './not-worse-than-best.ts'
export {
  type PermutationTestOptions,
  type PermutationTestResult,
  permutationTest,
} from './permutation-test.ts'
export { predictedClasses } from './predicted-classes.ts'
export { type TopKAccuracyOptions, topKAccuracy } from './top-k-accuracy.ts'
