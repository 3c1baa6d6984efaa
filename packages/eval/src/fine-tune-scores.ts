/** What a fine-tuned network says of test images. */
import { centerCrop, clip, compose } from '@simclr/augment'
import { RandomKey } from '@simclr/core'
import type { Dataset } from '@simclr/data'
import { type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import { DivergedError } from './diverged-error.ts'
import { type Encoder, extractFeatures } from './extract-features.ts'
import type { Labels } from './score-predictions.ts'

export interface FineTuneScores {
  /** Logits `[n, classes]`, row-major, finite. */
  readonly scores: Float32Array
  /** Of the n images: all of the dataset but those that are skipped because they cannot be decoded. */
  readonly labels: Labels
}

/**
 * Images of no fixed size come as centre crops, 0.875 of the shorter side scaled to `size`: the shorter side resized to
 * 256 and the middle 224 × 224 cut out, in one step (SimCLR appendix B.8). Images of a fixed size come whole if that is
 * `size`, and as such crops otherwise.
 *
 * @param network Maps images to logits.
 * @throws DivergedError if a logit is not finite.
 */
export async function fineTuneScores(
  network: Encoder,
  dataset: Dataset,
  size: number | undefined,
): Promise<FineTuneScores> {
  const sized = size === undefined ? {} : { size }
  const { features, labels, multiLabels } = await extractFeatures({
    encoder: isResized(dataset, size) ? cropping(network, size) : network,
    dataset,
    ...sized,
  })
  const broken = features.find((score) => !Number.isFinite(score))
  if (broken !== undefined) throw new DivergedError(`fineTune: scores of ${dataset.name}`, broken)
  return { scores: features, labels: (labels ?? multiLabels)! }
}

function isResized({ imageSize }: Dataset, size: number | undefined): size is number {
  if (imageSize === undefined || size === undefined) return false
  return imageSize.height !== size || imageSize.width !== size
}

/** The network behind a centre crop on the engine. */
function cropping(network: Encoder, size: number): Encoder {
  const crop = compose([centerCrop({ size }), clip()])
  const key = RandomKey.fromSeed(0)
  return {
    ...network,
    apply: (images: Tensor4D, options) => {
      const [count, height, width] = images.shape
      return tidy(() =>
        network.apply(
          crop.apply(
            images,
            crop.sample(() => key, count, { height, width }),
          ),
          options,
        ),
      )
    },
  }
}
