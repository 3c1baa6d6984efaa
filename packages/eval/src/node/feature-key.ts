/** What stored features depend on. */
import { createHash, type Hash } from 'node:crypto'
import type { Dataset } from '@simclr/data'
import type { Encoder } from '../extract-features.ts'

/** Images whose pixels are compared. */
const SAMPLED_IMAGES = 16

/** Of hashed facts; another one when preprocessing or the layout of the files changes. */
const FORMAT = 1

export interface FeatureKeyOptions {
  readonly encoder: Encoder
  readonly dataset: Dataset
  readonly batchSize: number
  readonly size: number | undefined
}

/**
 * A SHA-256 in hexadecimal of the encoder (its options, and every parameter and moving statistic), the images and how
 * they are read. Of the dataset it covers name, number of images, classes, labels, each image's number in its split and
 * file name, and the pixels of 16 images spread over it as the encoder sees them. An image outside of these that was
 * replaced by another under the same name goes unnoticed.
 */
export async function featureKey({ encoder, dataset, batchSize, size }: FeatureKeyOptions): Promise<string> {
  const hash = createHash('sha256')
  hash.update(JSON.stringify({ format: FORMAT, batchSize, size: dataset.imageSize ?? size }))
  await addEncoder(hash, encoder)
  await addDataset(hash, dataset, size)
  return hash.digest('hex')
}

async function addEncoder(hash: Hash, encoder: Encoder): Promise<void> {
  const options = 'options' in encoder ? encoder.options : undefined
  hash.update(JSON.stringify({ width: encoder.featureWidth, options }))
  for (const { name, value } of [...encoder.parameters(), ...encoder.state()]) {
    hash.update(JSON.stringify([name, value.shape, value.dtype]))
    hash.update(await value.data())
  }
}

async function addDataset(hash: Hash, dataset: Dataset, size: number | undefined): Promise<void> {
  const { name, length, classes, labels, multiLabels } = dataset
  hash.update(JSON.stringify({ name, length, classes, labels: !!labels, multiLabels: !!multiLabels }))
  if (labels !== undefined) hash.update(labels)
  if (multiLabels !== undefined) hash.update(multiLabels)
  for await (const { indices } of dataset.batches({ batchSize: length, indicesOnly: true }))
    hash.update(indices)
  for (let position = 0; position < length; position++) hash.update(`${dataset.fileName(position)}\n`)
  const count = Math.min(SAMPLED_IMAGES, length)
  const sample = dataset.subset(
    Int32Array.from({ length: count }, (_, i) => Math.floor((i * length) / count)),
  )
  const reading = { batchSize: count, ...(size !== undefined && dataset.imageSize === undefined && { size }) }
  for await (const { images, indices } of sample.batches(reading)) hash.update(indices).update(images)
}
