/** Linear evaluation: a linear classifier trained by SGD on a frozen encoder (SimCLR appendix B.6). */
import { checkInteger, RandomKey } from '@simclr/core'
import type { Dataset } from '@simclr/data'
import { warmupCosine } from '@simclr/optimizers'
import { type Encoder, type ExtractFeaturesOptions, extractFeatures } from './extract-features.ts'
import { augmentedFeatures, storedFeatures } from './feature-batches.ts'
import { checkFeatures, type Features, type LabelledFeatures } from './features.ts'
import { type ProbeType, probeHead } from './probe-head.ts'
import { checkLabelledDatasets } from './train-classifier.ts'
import { trainProbe } from './train-probe.ts'

export interface LinearEvaluationOptions {
  /** Used in inference mode (moving statistics), and left as it is. */
  readonly encoder: Encoder
  readonly train: Dataset
  readonly test: Dataset
  /** `'linear'` (default), or `'mlp'`: with one hidden layer of dense, batch normalisation and ReLU. */
  readonly probe?: ProbeType
  /** Of an `'mlp'`; default the encoder's feature width. */
  readonly hiddenWidth?: number
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
  /** Computes the features of whole images; default `extractFeatures`. `cachedFeatures` stores them as well. */
  readonly extract?: (options: ExtractFeaturesOptions) => Promise<Features>
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
 * Trains softmax regression, or an MLP, on the encoder's features by SGD with Nesterov momentum 0.9 and no weight decay, and
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
  probe = 'linear',
  hiddenWidth,
  epochs = 90,
  batchSize = 256,
  learningRate = (0.1 * batchSize) / 256,
  schedule = 'cosine',
  augment = true,
  size,
  extract = extractFeatures,
  seed = 0,
  onProgress,
}: LinearEvaluationOptions): Promise<LinearEvaluationResult> {
  checkInteger('linearEvaluation: epochs', epochs, 1)
  checkInteger('linearEvaluation: batchSize', batchSize, 1)
  checkLabelledDatasets('linearEvaluation', train, test)
  const classes = train.classes.length
  const key = RandomKey.fromSeed(seed).fold('linear-evaluation')
  const featuresOf = async (dataset: Dataset): Promise<LabelledFeatures> => {
    const features = await extract({
      encoder,
      dataset,
      batchSize,
      ...(size !== undefined && { size }),
    })
    checkFeatures(`linearEvaluation: ${dataset.name}`, features)
    return features
  }

  const head = probeHead('linearEvaluation', {
    probe,
    ...(hiddenWidth !== undefined && { hiddenWidth }),
    inputWidth: encoder.featureWidth,
    classes,
    seed,
  })
  const totalSteps = epochs * Math.ceil(train.length / batchSize)
  try {
    const testFeatures = await featuresOf(test)
    const batches = augment
      ? augmentedFeatures(encoder, { caller: 'linearEvaluation', dataset: train, batchSize, size, key })
      : storedFeatures(await featuresOf(train), batchSize, key)
    return await trainProbe('linearEvaluation', head, {
      batches,
      test: testFeatures,
      classes,
      epochs,
      learningRate:
        schedule === 'cosine'
          ? warmupCosine({ peak: learningRate, warmupSteps: 0, totalSteps })
          : learningRate,
      onProgress,
    })
  } finally {
    head.dispose()
  }
}
