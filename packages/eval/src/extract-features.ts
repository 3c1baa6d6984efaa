/** Features of a whole dataset: what kNN and logistic regression work on. */
import type { Module } from '@simclr/core'
import { type Dataset, imageTensor } from '@simclr/data'
import { type Tensor2D, type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import { checkExtraction } from './check-extraction.ts'
import type { Features } from './features.ts'

/** A network that maps images `[n, height, width, 3]` in [0, 1] to features `[n, featureWidth]`. */
export interface Encoder extends Module<Tensor4D, Tensor2D> {
  readonly featureWidth: number
}

export interface ExtractFeaturesOptions {
  /** Used in inference mode, and left as it is. */
  readonly encoder: Encoder
  readonly dataset: Dataset
  /** Images per forward pass. Default 256. */
  readonly batchSize?: number
  /** Side of the images in pixels for datasets without a fixed size, which come as centre crops; unused elsewhere. */
  readonly size?: number
  /** Called after each batch. */
  readonly onProgress?: (progress: { readonly images: number; readonly total: number }) => void
}

/**
 * Maps every image of a dataset, in its order and without augmentation.
 *
 * @returns Features and, where the dataset has them, labels, of every image that could be decoded.
 * @throws SimclrError if the dataset is empty or batchSize is below 1.
 * @example
 * const { features, width, labels } = await extractFeatures({ encoder, dataset: dataset.split('test') })
 */
export async function extractFeatures({
  encoder,
  dataset,
  batchSize = 256,
  size,
  onProgress,
}: ExtractFeaturesOptions): Promise<Features> {
  checkExtraction('extractFeatures', dataset, batchSize)
  const width = encoder.featureWidth
  const features = new Float32Array(dataset.length * width)
  const classes = dataset.classes.length
  const labels = dataset.labels && new Int32Array(dataset.length)
  const multiLabels = dataset.multiLabels && new Int8Array(dataset.length * classes)
  let images = 0
  for await (const batch of dataset.batches({
    batchSize,
    ...(size !== undefined && dataset.imageSize === undefined && { size }),
  })) {
    const output = tidy(() => encoder.apply(imageTensor(batch), { training: false }))
    features.set(await output.data<'float32'>(), images * width)
    output.dispose()
    if (batch.labels !== undefined) labels?.set(batch.labels, images)
    if (batch.multiLabels !== undefined) multiLabels?.set(batch.multiLabels, images * classes)
    images += batch.count
    onProgress?.({ images, total: dataset.length })
  }
  return {
    features: features.subarray(0, images * width),
    width,
    labels: labels?.subarray(0, images),
    ...(multiLabels && { multiLabels: multiLabels.subarray(0, images * classes) }),
  }
}
