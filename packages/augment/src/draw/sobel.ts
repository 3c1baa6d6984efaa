import { checkInteger, checkRange } from '@simclr/core/plain'
import { type Draw, drawSome } from './draw.ts'

/**
 * What `sobel` computes of each channel. `horizontal` is the derivative along a row, `vertical` that along a column,
 * `magnitude` √(horizontal² + vertical²), and `image` the magnitude divided by 4 and clipped to [0, 1].
 */
export type SobelOutput = 'image' | 'magnitude' | 'horizontal' | 'vertical'

/** Options of `sobel`. */
export interface SobelOptions {
  /** Default `image`; the others may leave [0, 1]. */
  output?: SobelOutput
  /** Share of images that are changed; default 1. */
  probability?: number
}

/** Draws the output for each image; null for images that stay as they are. */
export function drawSobel({
  output = 'image',
  probability = 1,
}: SobelOptions = {}): Draw<SobelOutput | null> {
  checkRange('sobel: probability', probability, 0, 1)
  return drawSome('sobel', probability, (_, { height, width }) => {
    const remedy = 'The image is reflected at its borders.'
    checkInteger('sobel: shorter side of the images', Math.min(height, width), 2, remedy)
    return output
  })
}
