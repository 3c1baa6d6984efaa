/** From a batch of images to the two augmented views of each. */
import { type Augmentation, sampleCropBox, twoViews } from '@simclr/augment'
import type { RandomKey } from '@simclr/core'
import {
  type BatchOptions,
  type Dataset,
  type ImageBatch,
  imageTensor,
  type ResidentImages,
  residentImages,
} from '@simclr/data'
import { type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import type { Config } from './config.ts'

/** The key of the random numbers of an image's view; `image` is its number in the whole split. */
export type ViewKey = (image: number, view: number) => RandomKey

/** Larger datasets are uploaded batch by batch. */
const RESIDENT_BYTES = 2 ** 29

/** The images of a small dataset of fixed image size on the engine; undefined for others. The caller disposes them. */
export async function smallResidentImages(dataset: Dataset): Promise<ResidentImages | undefined> {
  if (dataset.imageSize === undefined) return undefined
  const { height, width } = dataset.imageSize
  return dataset.length * height * width * 4 > RESIDENT_BYTES ? undefined : await residentImages(dataset)
}

/**
 * What `dataset.batches` needs for {@link drawViews}: where images are decoded on reading, the decoder cuts the drawn
 * boxes; elsewhere whole images come, or with `resident` images only their numbers.
 */
export function viewReading(
  dataset: Dataset,
  { imageSize, minimumArea }: Pick<Config, 'imageSize' | 'minimumArea'>,
  keyOf: ViewKey,
  resident?: ResidentImages,
): Partial<BatchOptions> {
  if (dataset.imageSize !== undefined) return { indicesOnly: resident !== undefined }
  const area = [minimumArea, 1] as const
  return {
    size: imageSize,
    views: 2,
    crop: (image, view, size) => sampleCropBox(keyOf(image, view).fold('randomResizedCrop'), size, { area }),
  }
}

/**
 * Two views of every image of a batch.
 *
 * @param batch Either whole images, or (with `views` 2) the drawn boxes that the decoder has already cut.
 * @param resident Where the images lie on the engine; the batch then gives their numbers only.
 * @returns `[2N, size, size, 3]` float32 in [0, 1], all first views before all second ones. The caller disposes it.
 */
export function drawViews(
  batch: ImageBatch,
  augmentation: Augmentation,
  keyOf: ViewKey,
  resident?: ResidentImages,
): Tensor4D {
  const { count, views, indices } = batch
  const random = (row: number, view: number): RandomKey => keyOf(indices[row]!, view)
  return tidy(() => {
    const images = resident?.gather(indices) ?? imageTensor(batch)
    if (views === 1) return twoViews(images, augmentation, random)
    const drawn = Array.from({ length: views }, (_, view) =>
      augmentation.sample((row) => random(row, view), count, batch),
    )
    return augmentation.apply(images, drawn.flat())
  })
}
