import { checkInteger, checkRange } from '@simclr/core/plain'
import { type Draw, drawEach } from './draw.ts'
import { drawFlip } from './random-flip.ts'
import type { ResampleOptions } from './resample-map.ts'
import { type CropBox, type CropBoxOptions, sampleCropBox } from './sample-crop-box.ts'

/** Options of `randomResizedCrop`: also those of {@link CropBoxOptions} and {@link ResampleOptions}. */
export interface RandomResizedCropOptions extends CropBoxOptions, ResampleOptions {
  /** Height and width of the result in pixels: 224 in the paper, 32 for CIFAR. */
  size: number
  /** Probability of a left-to-right flip, drawn as by `randomFlip` and free of cost here; default 0. */
  flip?: number
}

/** What `randomResizedCrop` draws for an image. */
export interface DrawnCrop {
  readonly box: CropBox
  readonly flipped: boolean
}

/** Draws a box inside each image, and whether it is mirrored. */
export function drawCrop({
  size,
  flip = 0,
  area = [0.08, 1],
  aspect = [3 / 4, 4 / 3],
  sampler = 'official',
}: RandomResizedCropOptions): Draw<DrawnCrop> {
  const name = 'randomResizedCrop'
  checkInteger(`${name}: size`, size, 1)
  checkRange(`${name}: flip`, flip, 0, 1)
  checkRange(`${name}: largest area`, area[1], Number.MIN_VALUE, 1)
  checkRange(`${name}: smallest area`, area[0], 0, area[1])
  checkRange(`${name}: smallest aspect`, aspect[0], Number.MIN_VALUE, aspect[1])
  const boxes = drawEach(name, (key, imageSize) => sampleCropBox(key, imageSize, { area, aspect, sampler }))
  const flips = drawFlip({ probability: flip })
  return {
    name,
    outputSize: () => ({ height: size, width: size }),
    sample: (random, count, imageSize) => {
      const flipped = flips.sample(random, count, imageSize)
      return boxes.sample(random, count, imageSize).map((box, i) => ({ box, flipped: flipped[i]! }))
    },
  }
}
