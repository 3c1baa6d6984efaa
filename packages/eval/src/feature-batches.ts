/** The batches of features that a linear classifier is trained on, epoch by epoch. */
import type { RandomKey } from '@simclr/core'
import { type Tensor2D, tensor2d, tidy } from '@tensorflow/tfjs-core'
import { type AugmentedImagesOptions, augmentedImages } from './augmented-images.ts'
import type { Encoder } from './extract-features.ts'
import type { LabelledFeatures } from './features.ts'
import type { LabelledBatch } from './train-classifier.ts'

/** One pass over a training set, in an order and with random views that belong to the epoch. */
export type FeatureBatches = (epoch: number) => AsyncIterable<LabelledBatch<Tensor2D>>

/** Features of random crops, half of them flipped: new ones in every epoch. @throws as {@link augmentedImages}. */
export function augmentedFeatures(encoder: Encoder, options: AugmentedImagesOptions): FeatureBatches {
  const images = augmentedImages(options)
  return async function* epochBatches(epoch) {
    for await (const { input, labels } of images(epoch)) {
      const features = tidy(() => encoder.apply(input, { training: false }))
      input.dispose()
      yield { input: features, labels }
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
      yield { input: tensor2d(values, [rows.length, width]), labels: rows.map((row) => labels[row]!) }
    }
  }
}
