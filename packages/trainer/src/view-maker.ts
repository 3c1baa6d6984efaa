/** Makes the views of a run where that is fastest: on the processor in vector code, or on a GPU in batches. */
import * as imageAugmentations from '@simclr/augment/image'
import type { BatchOptions, Dataset, ImageBatch } from '@simclr/data'
import { getBackend, type Tensor4D } from '@tensorflow/tfjs-core'
import { buildViewPlan } from './build-run.ts'
import type { Config } from './config.ts'
import { drawPlainViews } from './draw-plain-views.ts'
import { drawViews, smallResidentImages, type ViewKey, viewReading } from './draw-views.ts'
import { viewPlan } from './view-plan.ts'

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
  const plan = viewPlan(imageAugmentations, config, { crop: dataset.imageSize !== undefined })
  return {
    reading: (keyOf) => viewReading(dataset, config, keyOf),
    views: (batch, keyOf) => drawPlainViews(batch, plan, keyOf),
    dispose: () => {},
  }
}

async function onEngine(dataset: Dataset, config: Config): Promise<ViewMaker> {
  const plan = buildViewPlan(config, { crop: dataset.imageSize !== undefined })
  const resident = await smallResidentImages(dataset)
  return {
    reading: (keyOf) => viewReading(dataset, config, keyOf, resident),
    views: (batch, keyOf) => drawViews(batch, plan, keyOf, resident),
    dispose: () => resident?.dispose(),
  }
}
