/** From a batch of images to the two augmented views of each. */
import { type Augmentation, sampleCropBox, twoViews } from '@simclr/augment'
import type { RandomKey } from '@simclr/core'
import { type BatchOptions, type Dataset, type ImageBatch, imageTensor } from '@simclr/data'
import { type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import type { Config } from './config.ts'

/** The key of the random numbers of an image's view; `image` is its number in the whole split. */
export type ViewKey = (image: number, view: number) => RandomKey

/**
 * What `dataset.batches` needs for {@link drawViews}: where images are decoded on reading, the decoder cuts the drawn
 * boxes; elsewhere whole images come.
 */
export function viewReading(
  dataset: Dataset,
  { imageSize, minimumArea }: Pick<Config, 'imageSize' | 'minimumArea'>,
  keyOf: ViewKey,
): Partial<BatchOptions> {
  if (dataset.imageSize !== undefined) return {}
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
 * @returns `[2N, size, size, 3]` float32 in [0, 1], all first views before all second ones. The caller disposes it.
 */
export function drawViews(batch: ImageBatch, augmentation: Augmentation, keyOf: ViewKey): Tensor4D {
  const { count, height, width, indices } = batch
  const random = (row: number, view: number): RandomKey => keyOf(indices[row]!, view)
  return tidy(() => {
    const images = imageTensor(batch)
    if (batch.views === 1) return twoViews(images, augmentation, random)
    const ofRow = (row: number): RandomKey => random(row % count, Math.floor(row / count))
    return augmentation.apply(images, augmentation.sample(ofRow, batch.views * count, { height, width }))
  })
}
