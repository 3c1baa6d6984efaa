/** Fine-tuning: the whole network is trained on labels (SimCLR appendix B.5); from a new encoder, plain supervision. */
import {
  type ApplyOptions,
  checkInteger,
  type Module,
  type Parameter,
  RandomKey,
  SimclrError,
  type StateVariable,
} from '@simclr/core'
import type { Dataset } from '@simclr/data'
import { LinearHead, type MlpHead } from '@simclr/models'
import { sgd, warmupCosine } from '@simclr/optimizers'
import { type Tensor2D, type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import { augmentedImages } from './augmented-images.ts'
import { type Encoder, extractFeatures } from './extract-features.ts'
import { checkFeatures } from './features.ts'
import type { LinearEvaluationProgress, LinearEvaluationResult } from './linear-evaluation.ts'
import { checkLabelledDatasets, testClassifier, trainClassifierEpoch } from './train-classifier.ts'

export interface FineTuneOptions {
  /** Trained in place, with batch statistics; the caller owns it. A new one makes the supervised baseline. */
  readonly encoder: Encoder
  /**
   * The classifier, trained in place; the caller owns it. An `MlpHead` starts from a layer of a pretrained projection
   * head (SimCLRv2, section 2). Default: a new `LinearHead`, which is disposed at the end.
   */
  readonly head?: LinearHead | MlpHead
  readonly train: Dataset
  readonly test: Dataset
  /** Default 60, the paper's for 1 % of the labels. */
  readonly epochs?: number
  /** Default 256; the paper's 4096 has the same learning rate per image. */
  readonly batchSize?: number
  /** Default 0.05 · batchSize / 256, the paper's; decays to 0 by a cosine. */
  readonly learningRate?: number
  /** Epochs of linear warm-up. Default 0, the paper's. */
  readonly warmupEpochs?: number
  /** Decay of kernels. Default 0, the paper's. */
  readonly weightDecay?: number
  /** Side of the images in pixels; required for datasets without a fixed image size. */
  readonly size?: number
  /** Decides a new classifier's start, the order and the crops. Default 0. */
  readonly seed?: number
  /** Called after each epoch. */
  readonly onProgress?: (progress: LinearEvaluationProgress) => void
}

/**
 * Trains encoder and classifier by SGD with Nesterov momentum 0.9 on random crops and flips, and tests
 * them on whole (or centre-cropped) images.
 *
 * @throws SimclrError if a dataset is empty or unlabelled, their classes differ from each other's or the head's, an option is
 * out of range, or the loss diverges.
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
  epochs = 60,
  batchSize = 256,
  learningRate = (0.05 * batchSize) / 256,
  warmupEpochs = 0,
  weightDecay = 0,
  size,
  seed = 0,
  onProgress,
}: FineTuneOptions): Promise<LinearEvaluationResult> {
  checkInteger('fineTune: epochs', epochs, 1)
  checkInteger('fineTune: batchSize', batchSize, 1)
  checkLabelledDatasets('fineTune', train, test)
  const classes = train.classes.length
  if (given !== undefined) checkClasses(given, train)
  const key = RandomKey.fromSeed(seed).fold('fine-tune')
  const batches = augmentedImages({ caller: 'fineTune', dataset: train, batchSize, size, key })
  const stepsPerEpoch = Math.ceil(train.length / batchSize)
  const totalSteps = epochs * stepsPerEpoch
  const warmupSteps = Math.min(Math.round(warmupEpochs * stepsPerEpoch), totalSteps - 1)
  const head = given ?? new LinearHead({ inputWidth: encoder.featureWidth, classes, seed })
  const optimizer = sgd({
    learningRate: warmupCosine({ peak: learningRate, warmupSteps, totalSteps }),
    momentum: 0.9,
    nesterov: true,
    weightDecay,
  })
  try {
    const losses: number[] = []
    for (let epoch = 0; epoch < epochs; epoch++) {
      const loss = await trainClassifierEpoch(
        'fineTune',
        classifier(encoder, head),
        optimizer,
        batches(epoch),
      )
      losses.push(loss)
      onProgress?.({ epoch: epoch + 1, epochs, loss })
    }
    const features = await extractFeatures({ encoder, dataset: test, ...(size !== undefined && { size }) })
    checkFeatures(`fineTune: ${test.name}`, features)
    return { ...(await testClassifier(head, features, classes)), losses }
  } finally {
    optimizer.dispose()
    if (given === undefined) head.dispose()
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

/** Encoder and head as one network; it owns neither. */
function classifier(encoder: Encoder, head: LinearHead | MlpHead): Module<Tensor4D, Tensor2D> {
  const named = (prefix: string, parameters: Parameter[]): Parameter[] =>
    parameters.map((parameter) => ({ ...parameter, name: `${prefix}.${parameter.name}` }))
  return {
    apply: (x: Tensor4D, options: ApplyOptions) => tidy(() => head.apply(encoder.apply(x, options), options)),
    parameters: () => [...named('encoder', encoder.parameters()), ...named('head', head.parameters())],
    state: (): StateVariable[] => [...encoder.state(), ...head.state()],
    dispose: () => {},
  }
}
