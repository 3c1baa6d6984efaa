export { type ContrastiveMetrics, contrastiveMetrics } from './contrastive-metrics.ts'
export { l2Normalize } from './l2-normalize.ts'
export { type NtXentOptions, ntXent, ntXentGathered } from './nt-xent.ts'
export { softmaxCrossEntropy } from './softmax-cross-entropy.ts'
