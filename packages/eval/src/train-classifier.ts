/** What linear evaluation and fine-tuning share: epochs of cross-entropy, and the scores afterwards. */
import { type Module, SimclrError, valueAndGradients } from '@simclr/core'
import type { Dataset } from '@simclr/data'
import { softmaxCrossEntropy } from '@simclr/losses'
import type { Optimizer } from '@simclr/optimizers'
import {
  dispose,
  type Scalar,
  stack,
  type Tensor,
  type Tensor2D,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs-core'
import { accuracy } from './accuracy.ts'
import { DivergedError } from './diverged-error.ts'
import type { LabelledFeatures } from './features.ts'
import { multiLabelCrossEntropy } from './multi-label-cross-entropy.ts'
import { predictedClasses } from './predicted-classes.ts'
import type { Labels } from './score-predictions.ts'
import { topKAccuracy } from './top-k-accuracy.ts'

/** What a classifier takes, and the class of each row, or its classes. */
export interface LabelledBatch<Input extends Tensor> {
  /** Whoever iterates disposes it. */
  readonly input: Input
  readonly labels: Labels
}

/**
 * One pass of updates.
 *
 * @param caller Names the function that asks, for errors.
 * @param classifier Maps an input to logits `[n, classes]`; applied in training mode.
 * @returns The mean loss over the batches.
 * @throws DivergedError if that is not finite.
 */
export async function trainClassifierEpoch<Input extends Tensor>(
  caller: string,
  classifier: Module<Input, Tensor2D>,
  optimizer: Optimizer,
  batches: AsyncIterable<LabelledBatch<Input>>,
): Promise<number> {
  const parameters = classifier.parameters().filter(({ trainable }) => trainable)
  const batchLosses: Scalar[] = []
  for await (const { input, labels } of batches) {
    batchLosses.push(
      tidy(() => {
        const { value, gradients } = valueAndGradients(
          () => crossEntropy(classifier.apply(input, { training: true }), labels),
          parameters.map(({ value }) => value),
        )
        optimizer.update(parameters, gradients)
        return value
      }),
    )
    input.dispose()
  }
  const stacked = stack(batchLosses)
  const values = await stacked.data<'float32'>()
  dispose([stacked, ...batchLosses])
  const epochLoss = values.reduce((total, value) => total + value, 0) / values.length
  if (Number.isFinite(epochLoss)) return epochLoss
  throw new DivergedError(`${caller}: loss`, epochLoss)
}

function crossEntropy(logits: Tensor2D, labels: Labels): Scalar {
  return labels instanceof Int32Array
    ? softmaxCrossEntropy(logits, labels)
    : multiLabelCrossEntropy(logits, labels)
}

/** Top-1 and top-5 accuracy of a classifier on features. */
export async function testClassifier(
  head: Module<Tensor2D, Tensor2D>,
  { features, width, labels }: LabelledFeatures,
  classes: number,
): Promise<{ accuracy: number; top5: number }> {
  const logits = tidy(() => head.apply(tensor2d(features, [labels.length, width]), { training: false }))
  const scores = await logits.data<'float32'>()
  logits.dispose()
  return {
    accuracy: accuracy(predictedClasses(scores, classes), labels),
    top5: topKAccuracy(scores, labels, { classes }),
  }
}

/** @throws SimclrError unless both datasets are labelled, not empty, and of as many classes. */
export function checkLabelledDatasets(caller: string, train: Dataset, test: Dataset): void {
  for (const dataset of [train, test]) {
    if (dataset.length > 0 && dataset.labels !== undefined && dataset.classes.length > 0) continue
    throw new SimclrError({
      parameter: `${caller}: dataset`,
      expected: 'labelled and of at least one image',
      received: `${dataset.name} with ${dataset.length} images and ${dataset.classes.length} classes`,
    })
  }
  if (train.classes.length === test.classes.length) return
  throw new SimclrError({
    parameter: `${caller}: test`,
    expected: `of the training set's ${train.classes.length} classes`,
    received: `${test.classes.length} in ${test.name}`,
  })
}
