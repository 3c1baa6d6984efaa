/** The training that classifiers on frozen features share: SGD with Nesterov momentum 0.9 and no weight decay. */
import type { Module } from '@simclr/core'
import { sgd } from '@simclr/optimizers'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { FeatureBatches } from './feature-batches.ts'
import type { LabelledFeatures } from './features.ts'
import type { LinearEvaluationProgress, LinearEvaluationResult } from './linear-evaluation.ts'
import { testClassifier, trainClassifierEpoch } from './train-classifier.ts'

export interface TrainProbeOptions {
  readonly batches: FeatureBatches
  readonly test: LabelledFeatures
  readonly classes: number
  readonly epochs: number
  /** Constant, or of each update. */
  readonly learningRate: number | ((step: number) => number)
  readonly onProgress?: ((progress: LinearEvaluationProgress) => void) | undefined
}

/**
 * @param caller Names the function that asks, for errors.
 * @param head Maps features to logits; trained in place, and the caller's.
 * @throws DivergedError if the loss is not finite.
 */
export async function trainProbe(
  caller: string,
  head: Module<Tensor2D, Tensor2D>,
  { batches, test, classes, epochs, learningRate, onProgress }: TrainProbeOptions,
): Promise<LinearEvaluationResult> {
  const optimizer = sgd({ learningRate, momentum: 0.9, nesterov: true })
  try {
    const losses: number[] = []
    for (let epoch = 0; epoch < epochs; epoch++) {
      const loss = await trainClassifierEpoch(caller, head, optimizer, batches(epoch))
      losses.push(loss)
      onProgress?.({ epoch: epoch + 1, epochs, loss })
    }
    return { ...(await testClassifier(head, test, classes)), losses }
  } finally {
    optimizer.dispose()
  }
}
