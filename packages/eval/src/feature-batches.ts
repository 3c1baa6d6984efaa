/** The batches of features that a linear classifier is trained on, epoch by epoch. */
import { clip, compose, randomFlip, randomResizedCrop, sampleCropBox } from '@simclr/augment'
import { type RandomKey, SimclrError } from '@simclr/core'
import { type BatchOptions, type Dataset, imageTensor } from '@simclr/data'
import { type Tensor2D, tensor2d, tidy } from '@tensorflow/tfjs-core'
import type { Encoder } from './extract-features.ts'
import type { LabelledFeatures } from './features.ts'

export interface FeatureBatch {
  /** Shape [n, featureWidth]; whoever iterates disposes it. */
  readonly features: Tensor2D
  /** Length n. */
  readonly labels: Int32Array
}

/** One pass over a training set, in an order and with random views that belong to the epoch. */
export type FeatureBatches = (epoch: number) => AsyncIterable<FeatureBatch>

export interface AugmentedFeaturesOptions {
  readonly encoder: Encoder
  readonly dataset: Dataset
  readonly batchSize: number
  readonly size: number | undefined
  readonly key: RandomKey
}

/**
 * Features of random crops, half of them flipped: new ones in every epoch.
 *
 * @throws SimclrError if a dataset without fixed image size is given no `size`.
 */
export function augmentedFeatures({
  encoder,
  dataset,
  batchSize,
  size = dataset.imageSize?.height,
  key,
}: AugmentedFeaturesOptions): FeatureBatches {
  if (size === undefined) {
    throw new SimclrError({
      parameter: 'linearEvaluation: size',
      expected: `given for ${dataset.name}, whose images have no fixed size`,
      received: 'none',
      remedy: 'The paper uses 224.',
    })
  }
  const cropOnEngine = dataset.imageSize !== undefined
  const augmentation = cropOnEngine
    ? compose([randomResizedCrop({ size, flip: 0.5 }), clip()])
    : compose([randomFlip()])

  return async function* epochBatches(epoch) {
    const epochKey = key.fold(epoch)
    const reading: Partial<BatchOptions> = cropOnEngine
      ? {}
      : {
          size,
          crop: (image, _view, imageSize) =>
            sampleCropBox(epochKey.fold(image).fold('randomResizedCrop'), imageSize),
        }
    const shuffle = epochKey.fold('order')
    for await (const batch of dataset.batches({ batchSize, shuffle, ...reading })) {
      const features = tidy(() => {
        const random = (row: number): RandomKey => epochKey.fold(batch.indices[row]!)
        const views = augmentation.apply(imageTensor(batch), augmentation.sample(random, batch.count, batch))
        return encoder.apply(views, { training: false })
      })
      yield { features, labels: batch.labels! }
    }
  }
}

/** The same features in every epoch, in a new order. */
export function storedFeatures(
  { features, width, labels }: LabelledFeatures,
  batchSize: number,
  key: RandomKey,
): FeatureBatches {
  return async function* epochBatches(epoch) {
    const order = key.fold(epoch).fold('order').permutation(labels.length)
    for (let start = 0; start < order.length; start += batchSize) {
      const rows = order.subarray(start, start + batchSize)
      const values = new Float32Array(rows.length * width)
      rows.forEach((row, i) => {
        values.set(features.subarray(row * width, (row + 1) * width), i * width)
      })
      yield { features: tensor2d(values, [rows.length, width]), labels: rows.map((row) => labels[row]!) }
    }
  }
}
