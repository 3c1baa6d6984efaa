/** The half of an augmentation that needs no tensors: which parameters every image gets. */
import type { RandomKey } from '@simclr/core/plain'

/** Height and width in pixels. */
export interface ImageSize {
  readonly height: number
  readonly width: number
}

/** The key of the random numbers of image `image` of a batch. */
export type RandomOf = (image: number) => RandomKey

/**
 * Draws parameters. What an image gets depends on its key only, never on the rest of the batch, and is plain JSON data
 * (with `per: 'batch'` of the Gaussian blur as the one exception).
 */
export interface Draw<Drawn = unknown> {
  /** Folded into the key of each image, so that draws do not depend on the order of augmentations. */
  readonly name: string
  /** Draws the parameters of `count` images of `size`: one element for each. */
  sample(random: RandomOf, count: number, size: ImageSize): readonly Drawn[]
  /** The size of the result for images of `size`. */
  outputSize(size: ImageSize): ImageSize
}

/**
 * A draw that treats every image alone.
 *
 * @param sampleImage Gets the image's key with the name folded into it.
 * @param outputSize Default: the size stays.
 */
export function drawEach<Drawn>(
  name: string,
  sampleImage: (key: RandomKey, size: ImageSize) => Drawn,
  outputSize: (size: ImageSize) => ImageSize = (size) => size,
): Draw<Drawn> {
  return {
    name,
    outputSize,
    sample: (random, count, size) =>
      Array.from({ length: count }, (_, i) => sampleImage(random(i).fold(name), size)),
  }
}

/** A draw that changes a share of the images; null stands for the others. */
export function drawSome<Drawn>(
  name: string,
  probability: number,
  sampleImage: (key: RandomKey, size: ImageSize) => Drawn,
): Draw<Drawn | null> {
  return drawEach(name, (key, size) => (key.uniform(0) < probability ? sampleImage(key, size) : null))
}
