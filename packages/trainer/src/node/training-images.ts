/** The images that a run trains on. */
import { SimclrError } from '@simclr/core'
import { type Dataset, sampleImages } from '@simclr/data'
import type { Config } from '../config.ts'

/**
 * All images of a training split, or the sample that the configuration asks for.
 *
 * @throws SimclrError if they are fewer than a batch, smaller than a view, or of no or several classes each for an
 *   online probe.
 */
export function trainingImages(
  whole: Dataset,
  { data, trainImages, batchSize, imageSize, onlineProbe }: Config,
): Dataset {
  const count = Math.min(trainImages ?? whole.length, whole.length)
  if (count < batchSize) {
    throw new SimclrError({
      parameter: 'config: batchSize',
      expected: `at most the ${count} training images of ${data}`,
      received: String(batchSize),
      remedy: 'Lower --batch-size.',
    })
  }
  const fixed = whole.imageSize
  if (fixed !== undefined && Math.max(fixed.height, fixed.width) < imageSize) {
    throw new SimclrError({
      parameter: 'config: imageSize',
      expected: `at most the ${fixed.height} × ${fixed.width} pixels of ${data}`,
      received: String(imageSize),
      remedy: `Use --preset cifar10, or --image-size ${Math.min(fixed.height, fixed.width)} --stem cifar.`,
    })
  }
  if (onlineProbe && whole.labels === undefined) {
    throw new SimclrError({
      parameter: 'config: onlineProbe',
      expected: `off for images without a single class each, as those of ${data}`,
      received: 'true',
      remedy: 'Leave --online-probe out, or choose a dataset with labels.',
    })
  }
  return sampleImages(whole, count)
}
