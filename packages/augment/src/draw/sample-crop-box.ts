/**
 * Draws the box of a random crop: paper appendix A.
 *
 * `official` restates TensorFlow's sample_distorted_bounding_box with the arguments of crop_and_resize in the
 * official data_util.py: the aspect ratio is uniform, the height is uniform over the whole numbers that the area range
 * allows, boxes that cover less than a tenth of the image are drawn again, and a box touches the bottom or right edge
 * only if it spans the image. `paper` draws area uniform and aspect ratio log-uniform, as torchvision.
 */
import type { RandomKey } from '@simclr/core/plain'
import type { ImageSize } from './draw.ts'

/** A part of an image, in pixels. */
export interface CropBox {
  readonly top: number
  readonly left: number
  readonly height: number
  readonly width: number
}

/** Options of {@link sampleCropBox}. */
export interface CropBoxOptions {
  /** Smallest and largest share of the image's area; default [0.08, 1]. */
  area?: readonly [number, number]
  /** Smallest and largest width / height; default [3/4, 4/3]. */
  aspect?: readonly [number, number]
  /** How boxes are distributed, see above; default `official`. */
  sampler?: 'official' | 'paper'
}

/** The official min_object_covered: boxes below this share of the image are drawn again. */
const MINIMUM_COVERED = 0.1
const OFFICIAL_ATTEMPTS = 100
const PAPER_ATTEMPTS = 10
const DRAWS_PER_ATTEMPT = 4

/**
 * Draws a crop box inside an image of `size`.
 *
 * @param key The box is a pure function of this key, the size and the options.
 * @returns Whole pixels inside the image. If no attempt fits: the whole image (`official`) or the largest central box
 * with an allowed aspect ratio (`paper`).
 */
export function sampleCropBox(
  key: RandomKey,
  size: ImageSize,
  { area = [0.08, 1], aspect = [3 / 4, 4 / 3], sampler = 'official' }: CropBoxOptions = {},
): CropBox {
  return sampler === 'official' ? officialBox(key, size, area, aspect) : paperBox(key, size, area, aspect)
}

type Range = readonly [number, number]

function officialBox(key: RandomKey, size: ImageSize, area: Range, aspect: Range): CropBox {
  const pixels = size.height * size.width
  const [minimum, maximum] = [area[0] * pixels, area[1] * pixels]
  for (let attempt = 0; attempt < OFFICIAL_ATTEMPTS; attempt++) {
    const draw = attempt * DRAWS_PER_ATTEMPT
    const ratio = key.uniform(draw, ...aspect)
    const highest = Math.min(
      Math.round(Math.sqrt(maximum / ratio)),
      Math.ceil((size.width + 0.5) / ratio) - 1, // the largest whose width rounds to at most the image's
      size.height,
    )
    const lowest = Math.min(Math.round(Math.sqrt(minimum / ratio)), highest)
    let height = lowest + key.integer(draw + 1, highest - lowest + 1)
    if (Math.round(height * ratio) * height < minimum) height++
    if (Math.round(height * ratio) * height > maximum) height--
    const width = Math.round(height * ratio)
    const covered = width * height
    const allowed = covered >= Math.max(minimum, MINIMUM_COVERED * pixels) && covered <= maximum
    if (!allowed || width > size.width || height > size.height) continue
    return {
      top: key.integer(draw + 2, Math.max(1, size.height - height)),
      left: key.integer(draw + 3, Math.max(1, size.width - width)),
      height,
      width,
    }
  }
  return { top: 0, left: 0, ...size }
}

function paperBox(key: RandomKey, size: ImageSize, area: Range, aspect: Range): CropBox {
  const pixels = size.height * size.width
  for (let attempt = 0; attempt < PAPER_ATTEMPTS; attempt++) {
    const draw = attempt * DRAWS_PER_ATTEMPT
    const target = key.uniform(draw, ...area) * pixels
    const ratio = Math.exp(key.uniform(draw + 1, Math.log(aspect[0]), Math.log(aspect[1])))
    const height = Math.round(Math.sqrt(target / ratio))
    const width = Math.round(Math.sqrt(target * ratio))
    if (height < 1 || width < 1 || height > size.height || width > size.width) continue
    return {
      top: key.integer(draw + 2, size.height - height + 1),
      left: key.integer(draw + 3, size.width - width + 1),
      height,
      width,
    }
  }
  const height = Math.min(size.height, Math.round(size.width / aspect[0]))
  const width = Math.min(size.width, Math.round(size.height * aspect[1]))
  return {
    top: Math.floor((size.height - height) / 2),
    left: Math.floor((size.width - width) / 2),
    height,
    width,
  }
}
