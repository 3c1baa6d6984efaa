/** How good the encoder is while it trains: kNN on a part of the labelled data. */
import { type Communicator, singleProcess } from '@simclr/core'
import { type Dataset, sampleImages } from '@simclr/data'
import { type Encoder, extractFeatures, type Features, knn } from '@simclr/eval'
import { tensor1d, tidy } from '@tensorflow/tfjs-core'
import type { Config } from '../config.ts'
import type { OnlineProbe } from '../online-probe.ts'
import { onFirstRank } from './exchange.ts'

/** Neighbours that vote, as in Wu et al. 2018. */
const NEIGHBOURS = 200

/** What the online kNN compares. */
export interface KnnImages {
  readonly train: Dataset
  readonly test: Dataset
}

/**
 * The images of a dataset for {@link onlineKnn}.
 *
 * @param warn Receives one line if the dataset cannot be evaluated.
 * @returns undefined if evaluation is switched off, or the dataset has no labels or no test split.
 */
export function knnImages(
  dataset: Dataset,
  { knnEvery, knnTrainImages, knnTestImages }: Config,
  warn: (line: string) => void,
): KnnImages | undefined {
  if (knnEvery === 0) return undefined
  if (dataset.labels === undefined) {
    warn('No online kNN: the images have no labels.')
    return undefined
  }
  if (!dataset.splits.includes('test')) {
    warn('No online kNN: the dataset has no test images.')
    return undefined
  }
  return {
    train: sampleImages(dataset.split('train'), knnTrainImages),
    test: sampleImages(dataset.split('test'), knnTestImages),
  }
}

/**
 * The shares of test images that their nearest training images, and a probe if given, classify correctly, 0–1.
 *
 * @param communicator The processes that encode a part of the images each; default this one alone.
 */
export async function onlineKnn(
  encoder: Encoder,
  images: KnnImages,
  { imageSize }: Config,
  {
    probe,
    communicator = singleProcess,
  }: { probe?: OnlineProbe | undefined; communicator?: Communicator } = {},
): Promise<{ accuracy: number; probeAccuracy?: number }> {
  const featuresOf = (dataset: Dataset): Promise<Features> =>
    sharedFeatures(communicator, dataset, (part) =>
      extractFeatures({ encoder, dataset: part, size: imageSize }),
    )
  const train = await featuresOf(images.train)
  const test = await featuresOf(images.test)
  return onFirstRank(communicator, async () => {
    const k = Math.min(NEIGHBOURS, images.train.length)
    const { accuracy } = await knn({ train, test, k, classes: images.train.classes.length })
    if (probe === undefined || test.labels === undefined) return { accuracy }
    return { accuracy, probeAccuracy: await probe.test({ ...test, labels: test.labels }) }
  })
}

/** Every rank extracts the features of a run of images, the last ones of as many by repeating the last image. */
async function sharedFeatures(
  communicator: Communicator,
  dataset: Dataset,
  extract: (part: Dataset) => Promise<Features>,
): Promise<Features> {
  const { rank, size } = communicator
  if (size === 1) return extract(dataset)
  const rows = Math.ceil(dataset.length / size)
  const positions = Array.from({ length: rows }, (_, i) => Math.min(rank * rows + i, dataset.length - 1))
  const { features, width } = await extract(dataset.subset(positions))
  const all = tidy(() => communicator.allGather(tensor1d(features)).dataSync<'float32'>())
  return { features: all.subarray(0, dataset.length * width), width, labels: dataset.labels }
}
