export type { Metric } from '@simclr/data'
export { accuracy } from './accuracy.ts'
export { batchNormMomentum } from './batch-norm-momentum.ts'
export type { Neighbours } from './blocked-neighbours.ts'
export { confusionMatrix } from './confusion-matrix.ts'
export { DivergedError } from './diverged-error.ts'
export { type ElevenPointMeanAveragePrecision, elevenPointMeanAveragePrecision } from './eleven-point-map.ts'
export { type Encoder, type ExtractFeaturesOptions, extractFeatures } from './extract-features.ts'
export type { Features } from './features.ts'
export { type FineTuneOptions, type FineTuneResult, fineTune } from './fine-tune.ts'
export {
  type FineTuneGrid,
  type FineTuneGridOptions,
  type FineTuneSettings,
  fineTuneGrid,
} from './fine-tune-grid.ts'
export {
  type FineTuneRun,
  type FineTuneSweepOptions,
  type FineTuneSweepProgress,
  type FineTuneSweepResult,
  fineTuneSweep,
} from './fine-tune-sweep.ts'
export { formatSweep } from './format-sweep.ts'
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
export {
  type LogisticRegressionPathOptions,
  type LogisticRegressionPathPoint,
  type LogisticRegressionPathProgress,
  type LogisticRegressionPathResult,
  logisticRegressionPath,
} from './logistic-regression-path.ts'
export { type McnemarTestResult, mcnemarTest } from './mcnemar-test.ts'
export { meanPerClassAccuracy } from './mean-per-class-accuracy.ts'
export { multiLabelCrossEntropy } from './multi-label-cross-entropy.ts'
export { type NearestNeighboursOptions, nearestNeighbours } from './nearest-neighbours.ts'
export { type NotWorseThanBestOptions, notWorseThanBest } from './not-worse-than-best.ts'
export {
  type PermutationTestOptions,
  type PermutationTestResult,
  permutationTest,
} from './permutation-test.ts'
export {
  type PredictTransformationOptions,
  type PredictTransformationResult,
  predictTransformation,
} from './predict-transformation.ts'
export { predictedClasses } from './predicted-classes.ts'
export type { ProbeType } from './probe-head.ts'
export { type RegularizationPathOptions, regularizationPath } from './regularization-path.ts'
export { memoryStore, type RunStore } from './run-store.ts'
export { type Labels, scorePredictions } from './score-predictions.ts'
export { type SemiSupervisedSettings, semiSupervisedSettings } from './semi-supervised-settings.ts'
export { type TopKAccuracyOptions, topKAccuracy } from './top-k-accuracy.ts'
export {
  type TransferDataset,
  type TransferEncoder,
  type TransferOptions,
  type TransferProgress,
  transfer,
} from './transfer.ts'
export {
  type PaperTransferRow,
  paperTransferRows,
  type TransferGroup,
  transferDatasets,
} from './transfer-datasets.ts'
export { transferMarkdown } from './transfer-markdown.ts'
export type {
  TransferCell,
  TransferComparison,
  TransferDatasetFacts,
  TransferOutcome,
  TransferProtocol,
  TransferResult,
  TransferSettings,
} from './transfer-result.ts'
export {
  type TransferTable,
  type TransferTableCell,
  type TransferTableGroup,
  type TransferTableRow,
  transferTable,
} from './transfer-table.ts'
export {
  type TransformationName,
  type TransformationTask,
  transformationTasks,
} from './transformation-tasks.ts'
