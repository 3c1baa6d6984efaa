/** Makes the views of a run where that is fastest: on the processor in vector code, or on a GPU in batches. */
import { augmentBatch, simclrAugmentation } from '@simclr/augment/image'
import type { BatchOptions, Dataset, ImageBatch } from '@simclr/data'
import { getBackend, type Tensor4D, tensor4d } from '@tensorflow/tfjs-core'
import { buildAugmentation, viewOptions } from './build-run.ts'
import type { Config } from './config.ts'
import { drawViews, smallResidentImages, type ViewKey, viewReading } from './draw-views.ts'

/** Where views are computed: both ways draw the same parameters, and agree to 1e-5. */
export type ViewPlace = 'processor' | 'engine'

export interface ViewMaker {
  /** What `dataset.batches` needs for {@link ViewMaker.views}. */
  reading(keyOf: ViewKey): Partial<BatchOptions>
  /** `[2N, size, size, 3]` float32 in [0, 1], all first views before all second ones. The caller disposes the result. */
  views(batch: ImageBatch, keyOf: ViewKey): Tensor4D
  dispose(): void
}

/** Backends that compute on the processor, libtorch unless it was told to use a GPU. */
const PROCESSOR_BACKENDS = ['cpu', 'wasm', 'tensorflow', 'libtorch']

/** @param place Default: the processor, if the current backend computes there. */
export async function viewMaker(
  dataset: Dataset,
  config: Config,
  place: ViewPlace = PROCESSOR_BACKENDS.includes(getBackend()) ? 'processor' : 'engine',
): Promise<ViewMaker> {
  return place === 'processor' ? onProcessor(dataset, config) : onEngine(dataset, config)
}

function onProcessor(dataset: Dataset, config: Config): ViewMaker {
  const augmentation = simclrAugmentation(viewOptions(config, { crop: dataset.imageSize !== undefined }))
  const { imageSize } = config
  return {
    reading: (keyOf) => viewReading(dataset, config, keyOf),
    views: ({ images: data, count, views, height, width, indices }, keyOf) => {
      const drawn = [0, 1].flatMap((view) =>
        augmentation.sample((i) => keyOf(indices[i]!, view), count, { height, width }),
      )
      const rows = views * count
      const source = drawn.map((_, row) => row % rows)
      const floats = augmentBatch(augmentation, { data, count: rows, height, width }, drawn, { source })
      return tensor4d(floats, [2 * count, imageSize, imageSize, 3])
    },
    dispose: () => {},
  }
}

async function onEngine(dataset: Dataset, config: Config): Promise<ViewMaker> {
  const augmentation = buildAugmentation(config, { crop: dataset.imageSize !== undefined })
  const resident = await smallResidentImages(dataset)
  return {
    reading: (keyOf) => viewReading(dataset, config, keyOf, resident),
    views: (batch, keyOf) => drawViews(batch, augmentation, keyOf, resident),
    dispose: () => resident?.dispose(),
  }
}
