/** From a batch of images to the two augmented views of each. */
import { type Augmentation, multipleViews, sampleCropBox } from '@simclr/augment'
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
import { composedOperations } from './augmentation-setting.ts'
import type { Config } from './config.ts'
import type { TwoViewPlan } from './view-plan.ts'

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
 * boxes, one for each view or one that they share; elsewhere whole images come, or with `resident` images only their
 * numbers.
 */
export function viewReading(
  dataset: Dataset,
  { imageSize, minimumArea, augmentation }: Pick<Config, 'imageSize' | 'minimumArea' | 'augmentation'>,
  keyOf: ViewKey,
  resident?: ResidentImages,
): Partial<BatchOptions> {
  if (dataset.imageSize !== undefined) return { indicesOnly: resident !== undefined }
  const shared = composedOperations(augmentation) !== undefined
  const area = [minimumArea, 1] as const
  return {
    size: imageSize,
    views: shared ? 1 : 2,
    crop: (image, view, size) => {
      const key = shared ? keyOf(image, 0).fold('shared') : keyOf(image, view)
      return sampleCropBox(key.fold('randomResizedCrop'), size, { area })
    },
  }
}

/**
 * Two views of every image of a batch.
 *
 * @param batch Either what the views have in common, or (with `views` 2) the box of each that the decoder has cut.
 * @param resident Where the images lie on the engine; the batch then gives their numbers only.
 * @returns `[2N, size, size, 3]` float32 in [0, 1], all first views before all second ones. The caller disposes it.
 */
export function drawViews(
  batch: ImageBatch,
  plan: TwoViewPlan<Augmentation>,
  keyOf: ViewKey,
  resident?: ResidentImages,
): Tensor4D {
  const { count, views, indices } = batch
  const random = (row: number, view: number): RandomKey => keyOf(indices[row]!, view)
  return tidy(() => {
    const images = resident?.gather(indices) ?? imageTensor(batch)
    if (views === 1) return multipleViews(images, plan, random)
    const drawn = plan.branches.flatMap((branch, view) =>
      branch.sample((row) => random(row, view), count, batch),
    )
    return plan.branches[0].apply(images, drawn)
  })
}
