export { type AlignmentOptions, alignment } from './alignment.ts'
export { type CachedGradients, type CachedGradientsOptions, cachedGradients } from './cached-gradients.ts'
export {
  type ContrastiveMetrics,
  contrastiveMetrics,
  contrastiveMetricsGathered,
} from './contrastive-metrics.ts'
export {
  type DecoupledContrastiveOptions,
  decoupledContrastive,
  decoupledContrastiveGathered,
} from './decoupled-contrastive.ts'
export { effectiveRank } from './effective-rank.ts'
export { embeddingSpread } from './embedding-spread.ts'
export { l2Normalize } from './l2-normalize.ts'
export { type MarginTripletOptions, marginTriplet, marginTripletGathered } from './margin-triplet.ts'
export type { NegativesRule } from './negative-weights.ts'
export { type NtLogisticOptions, ntLogistic, ntLogisticGathered } from './nt-logistic.ts'
export { type NtXentOptions, ntXent, ntXentGathered } from './nt-xent.ts'
export { type NtXentSemiHardOptions, ntXentSemiHard, ntXentSemiHardGathered } from './nt-xent-semi-hard.ts'
export type { SemiHardRule } from './semi-hard-mining.ts'
export { type SoftmaxCrossEntropyOptions, softmaxCrossEntropy } from './softmax-cross-entropy.ts'
export {
  type SupervisedContrastiveOptions,
  supervisedContrastive,
  supervisedContrastiveGathered,
} from './supervised-contrastive.ts'
export { type UniformityOptions, uniformity } from './uniformity.ts'
