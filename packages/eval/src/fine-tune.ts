/** Fine-tuning: the whole network is trained on labels (SimCLR appendix B.5, B.8); from a new encoder, plain supervision. */
import type { Augmentation } from '@simclr/augment'
import { checkInteger, checkRange, RandomKey, SimclrError } from '@simclr/core'
import type { Dataset, Metric } from '@simclr/data'
import { LinearHead, type MlpHead } from '@simclr/models'
import { sgd, warmupCosine } from '@simclr/optimizers'
import { accuracy } from './accuracy.ts'
import { augmentedImages } from './augmented-images.ts'
import type { Encoder } from './extract-features.ts'
import { checkFineTuneDatasets, defaultMetric } from './fine-tune-labels.ts'
import { fineTuneNetwork } from './fine-tune-network.ts'
import { fineTuneScores } from './fine-tune-scores.ts'
import type { LinearEvaluationProgress } from './linear-evaluation.ts'
import { predictedClasses } from './predicted-classes.ts'
import { type Labels, scorePredictions } from './score-predictions.ts'
import { topKAccuracy } from './top-k-accuracy.ts'
import { trainClassifierEpoch } from './train-classifier.ts'

export interface FineTuneOptions {
  /** Trained in place, with batch statistics; the caller owns it. A new one makes the supervised baseline. */
  readonly encoder: Encoder
  /**
   * The classifier, trained in place; the caller owns it. An `MlpHead` starts from a layer of a pretrained projection
   * head (SimCLRv2, section 2). Default: a new `LinearHead`, which is disposed at the end.
   */
  readonly head?: LinearHead | MlpHead
  /** With one class for each image, or with several (VOC2007): then classes are trained as so many binary problems. */
  readonly train: Dataset
  readonly test: Dataset
  /** Default 60, the paper's for 1 % of the labels. Not together with `steps`. */
  readonly epochs?: number
  /** Updates, instead of epochs: 20,000 in the transfer protocol. The last epoch ends with them. */
  readonly steps?: number
  /** Default 256; the paper's 4096 has the same learning rate per image. */
  readonly batchSize?: number
  /** Default 0.05 · batchSize / 256, the paper's; decays to 0 by a cosine. */
  readonly learningRate?: number
  /** Epochs of linear warm-up. Default 0, the paper's. */
  readonly warmupEpochs?: number
  /** Decay of kernels, added to the gradient before the learning rate: g ← g + weightDecay·w. Default 0, the paper's. */
  readonly weightDecay?: number
  /**
   * Share of the old moving statistics that a step keeps, 0..1; {@link batchNormMomentum} is the transfer protocol's.
   * Default: each layer's own. The layers themselves keep theirs.
   */
  readonly batchNormMomentum?: number
  /** What training images pass through after crop and flip, e.g. colour distortion. Default nothing, as in the paper. */
  readonly augmentation?: Augmentation
  /** What `score` is. Default: top-1 accuracy, for images with several classes the 11-point mAP. */
  readonly metric?: Metric
  /** Side of the images in pixels; required for datasets without a fixed image size. */
  readonly size?: number
  /** Decides a new classifier's start, the order and the crops. Default 0. */
  readonly seed?: number
  /** Called after each epoch. */
  readonly onProgress?: (progress: LinearEvaluationProgress) => void
}

export interface FineTuneResult {
  readonly metric: Metric
  /** The metric on the test set, 0..1. */
  readonly score: number
  /** Top-1 accuracy on the test set; NaN for images with several classes. */
  readonly accuracy: number
  /** Top-5 accuracy on the test set; NaN for images with several classes. */
  readonly top5: number
  /** Logits `[n, classes]` of the test images, row-major. */
  readonly scores: Float32Array
  /** The class of the largest logit of each test image, length n. */
  readonly predictions: Int32Array
  /** Of the n test images: all but those that are skipped because they cannot be decoded. */
  readonly labels: Labels
  /** Mean training loss of each epoch. */
  readonly losses: number[]
}

/**
 * Trains encoder and classifier by SGD with Nesterov momentum 0.9 on random crops and flips, and tests them on whole
 * images, or on centre crops where images have another size than `size` (0.875 of the shorter side: resized to 256,
 * the middle 224 × 224 cut out).
 *
 * @throws SimclrError if a dataset is empty or unlabelled, their classes differ from each other's or the head's, the
 * metric is not for their labels, an option is out of range, both `epochs` and `steps` are given, or the loss diverges.
 * @example
 * const { accuracy } = await fineTune({ encoder, train: dataset, test: dataset.split('test'), epochs: 30 })
 *
 * const head = new MlpHead({ projection, layers: 1, classes: dataset.classes.length })
 * await fineTune({ encoder, head, train: dataset, test: dataset.split('test') })
 */
export async function fineTune({
  encoder,
  head: given,
  train,
  test,
  epochs,
  steps,
  batchSize = 256,
  learningRate = (0.05 * batchSize) / 256,
  warmupEpochs = 0,
  weightDecay = 0,
  batchNormMomentum,
  augmentation,
  metric = defaultMetric(train),
  size,
  seed = 0,
  onProgress,
}: FineTuneOptions): Promise<FineTuneResult> {
  checkInteger('fineTune: batchSize', batchSize, 1)
  if (batchNormMomentum !== undefined) checkRange('fineTune: batchNormMomentum', batchNormMomentum, 0, 1)
  checkFineTuneDatasets('fineTune', [train, test], metric)
  const classes = train.classes.length
  if (given !== undefined) checkClasses(given, train)
  const stepsPerEpoch = Math.ceil(train.length / batchSize)
  const totalSteps = countSteps(epochs, steps, stepsPerEpoch)
  const warmupSteps = Math.min(Math.round(warmupEpochs * stepsPerEpoch), totalSteps - 1)
  const key = RandomKey.fromSeed(seed).fold('fine-tune')
  const batches = augmentedImages({ caller: 'fineTune', dataset: train, batchSize, size, key, augmentation })
  const head = given ?? new LinearHead({ inputWidth: encoder.featureWidth, classes, seed })
  const network = fineTuneNetwork(encoder, head, batchNormMomentum)
  const optimizer = sgd({
    learningRate: warmupCosine({ peak: learningRate, warmupSteps, totalSteps }),
    momentum: 0.9,
    nesterov: true,
    weightDecay,
  })
  try {
    const losses: number[] = []
    for (let done = 0; done < totalSteps; done += stepsPerEpoch) {
      const epochBatches = first(batches(losses.length), totalSteps - done)
      const loss = await trainClassifierEpoch('fineTune', network, optimizer, epochBatches)
      losses.push(loss)
      onProgress?.({ epoch: losses.length, epochs: Math.ceil(totalSteps / stepsPerEpoch), loss })
    }
    const { scores, labels } = await fineTuneScores(network, test, size)
    const predictions = predictedClasses(scores, classes)
    const single = labels instanceof Int32Array
    return {
      metric,
      score: scorePredictions(metric, scores, labels, classes),
      accuracy: single ? accuracy(predictions, labels) : Number.NaN,
      top5: single ? topKAccuracy(scores, labels, { classes }) : Number.NaN,
      scores,
      predictions,
      labels,
      losses,
    }
  } finally {
    optimizer.dispose()
    if (given === undefined) head.dispose()
  }
}

/** @throws SimclrError if both are given, or one below 1. */
function countSteps(epochs: number | undefined, steps: number | undefined, stepsPerEpoch: number): number {
  if (steps === undefined) {
    checkInteger('fineTune: epochs', epochs ?? 60, 1)
    return (epochs ?? 60) * stepsPerEpoch
  }
  checkInteger('fineTune: steps', steps, 1)
  if (epochs === undefined) return steps
  throw new SimclrError({
    parameter: 'fineTune: steps',
    expected: 'given without epochs',
    received: `${steps} steps and ${epochs} epochs`,
    remedy: 'Choose one of them.',
  })
}

/** The first `count` items, and no more of them made. */
async function* first<Item>(items: AsyncIterable<Item>, count: number): AsyncGenerator<Item> {
  let left = count
  for await (const item of items) {
    yield item
    left--
    if (left === 0) return
  }
}

function checkClasses(head: LinearHead | MlpHead, { classes, name }: Dataset): void {
  if (head.classes === classes.length) return
  throw new SimclrError({
    parameter: 'fineTune: head',
    expected: `for the ${classes.length} classes of ${name}`,
    received: `one for ${head.classes}`,
  })
}
