/** What frozen encoders see of an image in the transfer protocol: all of it, but for the ends of its longer side. */
import { centerCrop, centerCropBox, clip, compose } from '@simclr/augment'
import { RandomKey } from '@simclr/core'
import { type BatchOptions, type Dataset, type ImageBatch, imageTensor } from '@simclr/data'
import { mul, round, tidy } from '@tensorflow/tfjs-core'

/**
 * The same images with the shorter side resized to `size` (bicubic), of which the middle `size` × `size` are taken
 * (SimCLR appendix B.8); also those of datasets with a smaller fixed size, such as CIFAR.
 *
 * @param size In pixels.
 * @returns A view of the dataset, whose images have this size. Closing it closes the dataset.
 */
export function transferImages(dataset: Dataset, size: number): Dataset {
  const { imageSize } = dataset
  const resized: Dataset = {
    name: dataset.name,
    length: dataset.length,
    classes: dataset.classes,
    labels: dataset.labels,
    multiLabels: dataset.multiLabels,
    splits: dataset.splits,
    imageSize: { height: size, width: size },
    fileName: (position) => dataset.fileName(position),
    split: (name) => transferImages(dataset.split(name), size),
    subset: (positions) => transferImages(dataset.subset(positions), size),
    close: () => dataset.close(),
    batches: (options) => {
      if (options.indicesOnly) return dataset.batches(options)
      return imageSize === undefined
        ? dataset.batches({ ...options, size, crop: (_image, _view, image) => centerCropBox(image, 1) })
        : resizeOnEngine(dataset, size, options)
    },
  }
  return imageSize?.height === size && imageSize.width === size ? dataset : resized
}

async function* resizeOnEngine(
  dataset: Dataset,
  size: number,
  { size: _, ...options }: BatchOptions,
): AsyncIterable<ImageBatch> {
  const resize = compose([centerCrop({ size, proportion: 1 }), clip()])
  const key = RandomKey.fromSeed(0)
  for await (const batch of dataset.batches(options)) {
    const resized = tidy(() => {
      const images = imageTensor(batch)
      const drawn = resize.sample(() => key, images.shape[0], batch)
      return round(mul(resize.apply(images, drawn), 255))
    })
    const images = Uint8Array.from(await resized.data())
    resized.dispose()
    yield { ...batch, images, height: size, width: size }
  }
}
