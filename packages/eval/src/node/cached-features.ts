/** Features that are computed once and then read from a folder. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { checkExtraction } from '../check-extraction.ts'
import { type ExtractFeaturesOptions, extractFeatures } from '../extract-features.ts'
import type { Features } from '../features.ts'
import { readFeatureChunk, writeFeatureChunk } from './feature-chunk.ts'
import { featureKey } from './feature-key.ts'

export interface CachedFeaturesOptions extends ExtractFeaturesOptions {
  /** Made when needed; may be shared by encoders, datasets and processes. 4 bytes × images × width are stored. */
  readonly directory: string
}

/** Images of a file, about: whole batches. */
const CHUNK_IMAGES = 1024

/**
 * As `extractFeatures`, with the same result bit for bit on the engine that computed it. Each file of about 1,024 images
 * is written whole, so that an interrupted extraction goes on where it stopped; a damaged file is computed again.
 * Features are found by the encoder's weights, the dataset, `size` and `batchSize`, not by the engine.
 *
 * @throws SimclrError if the dataset is empty or batchSize is below 1.
 * @example
 * const train = await cachedFeatures({ encoder, dataset, directory: 'features' })
 */
export async function cachedFeatures({
  directory,
  onProgress,
  ...options
}: CachedFeaturesOptions): Promise<Features> {
  const { encoder, dataset, batchSize = 256, size } = options
  checkExtraction('cachedFeatures', dataset, batchSize)
  const folder = join(directory, await featureKey({ encoder, dataset, batchSize, size }))
  await mkdir(folder, { recursive: true })
  const width = encoder.featureWidth
  const [hasLabels, hasMultiLabels] = [dataset.labels !== undefined, dataset.multiLabels !== undefined]
  const chunkImages = batchSize * Math.ceil(CHUNK_IMAGES / batchSize)
  const total = dataset.length
  const features = new Float32Array(total * width)
  const labels = hasLabels ? new Int32Array(total) : undefined
  const multiLabels = hasMultiLabels ? new Int8Array(total * dataset.classes.length) : undefined
  let images = 0
  for (let start = 0; start < total; start += chunkImages) {
    const path = join(folder, `${String(start).padStart(10, '0')}.features`)
    let chunk = await readFeatureChunk(path, { width, hasLabels, hasMultiLabels })
    if (chunk === undefined) {
      const length = Math.min(chunkImages, total - start)
      const positions = Int32Array.from({ length }, (_, i) => start + i)
      const done = images
      chunk = await extractFeatures({
        ...options,
        dataset: dataset.subset(positions),
        onProgress: (progress) => onProgress?.({ images: done + progress.images, total }),
      })
      await writeFeatureChunk(path, chunk)
    } else {
      onProgress?.({ images: images + chunk.features.length / width, total })
    }
    features.set(chunk.features, images * width)
    if (chunk.labels !== undefined) labels?.set(chunk.labels, images)
    if (chunk.multiLabels !== undefined) multiLabels?.set(chunk.multiLabels, images * dataset.classes.length)
    images += chunk.features.length / width
  }
  return {
    features: features.subarray(0, images * width),
    width,
    labels: labels?.subarray(0, images),
    ...(multiLabels && { multiLabels: multiLabels.subarray(0, images * dataset.classes.length) }),
  }
}
