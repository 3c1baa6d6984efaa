export { accuracy } from './accuracy.ts'
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
export { meanPerClassAccuracy } from './mean-per-class-accuracy.ts'
export { predictedClasses } from './predicted-classes.ts'
export { type TopKAccuracyOptions, topKAccuracy } from './top-k-accuracy.ts'
