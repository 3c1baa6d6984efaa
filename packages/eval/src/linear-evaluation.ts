/** Linear evaluation: a linear classifier trained by SGD on a frozen encoder (SimCLR appendix B.6). */
import { checkInteger, RandomKey, SimclrError } from '@simclr/core'
import type { Dataset } from '@simclr/data'
import { LinearHead } from '@simclr/models'
import { type Optimizer, sgd, warmupCosine } from '@simclr/optimizers'
import {
  dispose,
  logSumExp,
  mean,
  mul,
  oneHot,
  type Scalar,
  stack,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
  variableGrads,
} from '@tensorflow/tfjs-core'
import { accuracy } from './accuracy.ts'
import { type Encoder, extractFeatures } from './extract-features.ts'
import { augmentedFeatures, type FeatureBatch, storedFeatures } from './feature-batches.ts'
import { checkFeatures, type LabelledFeatures } from './features.ts'
import { predictedClasses } from './predicted-classes.ts'
import { topKAccuracy } from './top-k-accuracy.ts'

export interface LinearEvaluationOptions {
  /** Used in inference mode (moving statistics), and left as it is. */
  readonly encoder: Encoder
  readonly train: Dataset
  readonly test: Dataset
  /** Default 90, the paper's. */
  readonly epochs?: number
  /** Default 256; the paper's 4096 has the same learning rate per image. */
  readonly batchSize?: number
  /** Default 0.1 · batchSize / 256, the paper's. */
  readonly learningRate?: number
  /** `'cosine'` (default, as the official code) decays the rate to 0. */
  readonly schedule?: 'cosine' | 'constant'
  /**
   * Whether every epoch sees new random crops and flips, as in the paper (default), or the features of whole images,
   * which are computed once and make this many times faster.
   */
  readonly augment?: boolean
  /** Side of the images in pixels; required for datasets without a fixed image size. */
  readonly size?: number
  /** Decides the classifier's start, the order and the crops. Default 0. */
  readonly seed?: number
  /** Called after each epoch. */
  readonly onProgress?: (progress: LinearEvaluationProgress) => void
}

export interface LinearEvaluationProgress {
  /** Epochs done, from 1. */
  readonly epoch: number
  readonly epochs: number
  /** Mean loss of the epoch. */
  readonly loss: number
}

export interface LinearEvaluationResult {
  /** Top-1 accuracy on the test set. */
  readonly accuracy: number
  /** Top-5 accuracy on the test set. */
  readonly top5: number
  /** Mean training loss of each epoch. */
  readonly losses: number[]
}

/**
 * Trains softmax regression on the encoder's features by SGD with Nesterov momentum 0.9 and no weight decay, and
 * tests it on whole (or centre-cropped) images.
 *
 * @throws SimclrError if a dataset is empty or unlabelled, their classes differ, an option is out of range, features
 * are not finite, or the loss diverges.
 * @example
 * const { accuracy } = await linearEvaluation({ encoder, train: dataset, test: dataset.split('test'), epochs: 30 })
 */
export async function linearEvaluation({
  encoder,
  train,
  test,
  epochs = 90,
  batchSize = 256,
  learningRate = (0.1 * batchSize) / 256,
  schedule = 'cosine',
  augment = true,
  size,
  seed = 0,
  onProgress,
}: LinearEvaluationOptions): Promise<LinearEvaluationResult> {
  checkInteger('linearEvaluation: epochs', epochs, 1)
  checkInteger('linearEvaluation: batchSize', batchSize, 1)
  checkDatasets(train, test)
  const classes = train.classes.length
  const key = RandomKey.fromSeed(seed).fold('linear-evaluation')
  const featuresOf = async (dataset: Dataset): Promise<LabelledFeatures> => {
    const features = await extractFeatures({
      encoder,
      dataset,
      batchSize,
      ...(size !== undefined && { size }),
    })
    checkFeatures(`linearEvaluation: ${dataset.name}`, features)
    return features
  }

  const testFeatures = await featuresOf(test)
  const batches = augment
    ? augmentedFeatures({ encoder, dataset: train, batchSize, size, key })
    : storedFeatures(await featuresOf(train), batchSize, key)
  const totalSteps = epochs * Math.ceil(train.length / batchSize)
  const head = new LinearHead({ inputWidth: encoder.featureWidth, classes, seed })
  const optimizer = sgd({
    learningRate:
      schedule === 'cosine' ? warmupCosine({ peak: learningRate, warmupSteps: 0, totalSteps }) : learningRate,
    momentum: 0.9,
    nesterov: true,
  })
  try {
    const losses: number[] = []
    for (let epoch = 0; epoch < epochs; epoch++) {
      const loss = await trainEpoch(head, optimizer, batches(epoch), classes)
      losses.push(loss)
      onProgress?.({ epoch: epoch + 1, epochs, loss })
    }
    const scores = await scoresOf(head, testFeatures)
    return {
      accuracy: accuracy(predictedClasses(scores, classes), testFeatures.labels),
      top5: topKAccuracy(scores, testFeatures.labels, { k: 5, classes }),
      losses,
    }
  } finally {
    optimizer.dispose()
    head.dispose()
  }
}

/** @returns The mean loss over the batches. */
async function trainEpoch(
  head: LinearHead,
  optimizer: Optimizer,
  batches: AsyncIterable<FeatureBatch>,
  classes: number,
): Promise<number> {
  const batchLosses: Scalar[] = []
  for await (const { features, labels } of batches) {
    const parameters = head.parameters()
    const loss = tidy(() => {
      const targets = oneHot(tensor1d(labels, 'int32'), classes)
      const { value, grads } = variableGrads(
        () => crossEntropy(head.apply(features), targets),
        parameters.map(({ value }) => value),
      )
      optimizer.update(
        parameters,
        parameters.map(({ value }) => grads[value.name]!),
      )
      return value
    })
    batchLosses.push(loss)
    features.dispose()
  }
  const stacked = stack(batchLosses)
  const values = await stacked.data<'float32'>()
  dispose([stacked, ...batchLosses])
  const epochLoss = values.reduce((total, value) => total + value, 0) / values.length
  if (Number.isFinite(epochLoss)) return epochLoss
  throw new SimclrError({
    parameter: 'linearEvaluation: loss',
    expected: 'finite',
    received: String(epochLoss),
    remedy: 'Lower the learning rate.',
  })
}

/** The batch's mean cross-entropy. */
function crossEntropy(logits: Tensor2D, targets: Tensor): Scalar {
  return mean(sub(logSumExp(logits, 1), sum(mul(logits, targets), 1)))
}

async function scoresOf(
  head: LinearHead,
  { features, width, labels }: LabelledFeatures,
): Promise<Float32Array> {
  const logits = tidy(() => head.apply(tensor2d(features, [labels.length, width])))
  const scores = await logits.data<'float32'>()
  logits.dispose()
  return scores
}

function checkDatasets(train: Dataset, test: Dataset): void {
  for (const dataset of [train, test]) {
    if (dataset.length > 0 && dataset.labels !== undefined && dataset.classes.length > 0) continue
    throw new SimclrError({
      parameter: 'linearEvaluation: dataset',
      expected: 'labelled and of at least one image',
      received: `${dataset.name} with ${dataset.length} images and ${dataset.classes.length} classes`,
    })
  }
  if (train.classes.length === test.classes.length) return
  throw new SimclrError({
    parameter: 'linearEvaluation: test',
    expected: `of the training set's ${train.classes.length} classes`,
    received: `${test.classes.length} in ${test.name}`,
  })
}
