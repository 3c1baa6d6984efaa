/** The training images of classifiers: random crops, half of them flipped (SimCLR appendix B.5 and B.6). */
import {
  type Augmentation,
  clip,
  compose,
  randomFlip,
  randomResizedCrop,
  sampleCropBox,
} from '@simclr/augment'
import { type RandomKey, SimclrError } from '@simclr/core'
import { type BatchOptions, type Dataset, imageTensor } from '@simclr/data'
import { type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import type { LabelledBatch } from './train-classifier.ts'

export interface AugmentedImagesOptions {
  /** Names the function that asks, for errors. */
  readonly caller: string
  readonly dataset: Dataset
  readonly batchSize: number
  /** Side in pixels; default: that of the images. */
  readonly size: number | undefined
  /** What follows crop and flip. Default nothing. */
  readonly augmentation?: Augmentation | undefined
  readonly key: RandomKey
}

/**
 * One pass over a labelled dataset for every epoch, in an order and with crops that belong to it.
 *
 * @returns Batches of images `[n, size, size, 3]` in [0, 1]; whoever iterates disposes them.
 * @throws SimclrError if a dataset without fixed image size is given no `size`.
 */
export function augmentedImages({
  caller,
  dataset,
  batchSize,
  size = dataset.imageSize?.height,
  augmentation,
  key,
}: AugmentedImagesOptions): (epoch: number) => AsyncGenerator<LabelledBatch<Tensor4D>> {
  if (size === undefined) {
    throw new SimclrError({
      parameter: `${caller}: size`,
      expected: `given for ${dataset.name}, whose images have no fixed size`,
      received: 'none',
      remedy: 'The paper uses 224.',
    })
  }
  const cropOnEngine = dataset.imageSize !== undefined
  const cropAndFlip = cropOnEngine ? [randomResizedCrop({ size, flip: 0.5 }), clip()] : [randomFlip()]
  const views = compose(augmentation === undefined ? cropAndFlip : [...cropAndFlip, augmentation])

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
      const random = (row: number): RandomKey => epochKey.fold(batch.indices[row]!)
      const drawn = views.sample(random, batch.count, batch)
      const input = tidy(() => views.apply(imageTensor(batch), drawn))
      yield { input, labels: (batch.labels ?? batch.multiLabels)! }
    }
  }
}
