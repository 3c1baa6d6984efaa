export { type AdamOptions, adam } from './adam.ts'
export { type AdamwOptions, adamw } from './adamw.ts'
export { addDecayedWeights } from './add-decayed-weights.ts'
export { type BatchSizeScalingOptions, batchSizeScaling } from './batch-size-scaling.ts'
export { chain } from './chain.ts'
export { clipByGlobalNorm } from './clip-by-global-norm.ts'
export { clipByValue } from './clip-by-value.ts'
export { type ConstantOptions, constant } from './constant.ts'
export { createOptimizer, type FusedUpdate, type Optimizer } from './create-optimizer.ts'
export {
  type ExponentialMovingAverage,
  type ExponentialMovingAverageOptions,
  exponentialMovingAverage,
  type NamedVariable,
} from './exponential-moving-average.ts'
export type { GradientTransform, TransformContext } from './gradient-transform.ts'
export { type LarsOptions, lars } from './lars.ts'
export { type Evaluation, type LbfgsOptions, type LbfgsResult, lbfgs } from './lbfgs.ts'
export { masked } from './masked.ts'
export { type MomentumOptions, momentum } from './momentum.ts'
export { type ScaleByAdamOptions, scaleByAdam } from './scale-by-adam.ts'
export { type LearningRate, scaleByLearningRate } from './scale-by-learning-rate.ts'
export { scaleByTrustRatio } from './scale-by-trust-ratio.ts'
export { type SgdOptions, sgd } from './sgd.ts'
export { type StepDecayOptions, stepDecay } from './step-decay.ts'
export { type TrainingSteps, type TrainingStepsOptions, trainingSteps } from './training-steps.ts'
export { type WarmupCosineOptions, warmupCosine } from './warmup-cosine.ts'
export { type WarmupLinearOptions, warmupLinear } from './warmup-linear.ts'
