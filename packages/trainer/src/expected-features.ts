/** What an encoder makes of a generated image: stored beside its weights, so that loading them proves itself. */
import { RandomKey, SimclrError } from '@simclr/core'
import type { ResNet } from '@simclr/models'
import { type Tensor4D, tensor4d, tidy } from '@tensorflow/tfjs-core'

export interface ExpectedFeatures {
  /** Seed of the image's uniform random pixels. */
  readonly seed: number
  /** Its height and width in pixels. */
  readonly imageSize: number
  /** All features of the image, in evaluation mode. */
  readonly features: readonly number[]
}

/** Share of the largest feature by which another engine or precision may differ; other weights differ by more. */
const TOLERANCE = 0.03

/** The features of the generated image that suits the encoder's stem. */
export async function expectedFeatures(encoder: ResNet): Promise<ExpectedFeatures> {
  const image = { seed: 0, imageSize: encoder.options.stem === 'cifar' ? 32 : 64 }
  return { ...image, features: await featuresOf(encoder, image) }
}

/**
 * Compares an encoder with what its weights gave when they were stored.
 *
 * @param name Of the weights, for the error.
 * @throws SimclrError if any feature differs by more than 3 % of the largest one.
 */
export async function checkFeatures(
  name: string,
  encoder: ResNet,
  expected: ExpectedFeatures,
): Promise<void> {
  const features = await featuresOf(encoder, expected)
  const largest = expected.features.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const differences = expected.features.map((value, i) => Math.abs(value - (features[i] ?? Number.NaN)))
  const difference = Math.max(...differences)
  if (features.length === expected.features.length && difference <= TOLERANCE * largest) return
  throw new SimclrError({
    parameter: `${name}: features of the generated image`,
    expected: `the ${expected.features.length} that were stored, to ${100 * TOLERANCE} % of the largest, ${largest}`,
    received: `${features.length} with a difference of ${difference}`,
    remedy:
      'Try another engine (simclr engine doctor); if all agree, the weights belong to another architecture.',
  })
}

type GeneratedImage = Omit<ExpectedFeatures, 'features'>

async function featuresOf(encoder: ResNet, { seed, imageSize }: GeneratedImage): Promise<number[]> {
  const key = RandomKey.fromSeed(seed)
  const pixels = Float32Array.from({ length: imageSize * imageSize * 3 }, (_, i) => key.uniform(i))
  const features = tidy(() => {
    const image: Tensor4D = tensor4d(pixels, [1, imageSize, imageSize, 3])
    return encoder.apply(image, { training: false })
  })
  const values = await features.data<'float32'>()
  features.dispose()
  return [...values]
}
