/** Sobel filtering of a single image. */
import { drawSobel, type SobelOptions, type SobelOutput } from '../draw/sobel.ts'
import { defineImageAugmentation } from './define-image-augmentation.ts'
import type { FloatImage, ImageAugmentation } from './image-augmentation.ts'

/**
 * As `sobel` of the batched entry.
 *
 * @throws SimclrError if the probability is not between 0 and 1; when drawing for images of a single row or column.
 */
export function sobel(options: SobelOptions = {}): ImageAugmentation<SobelOutput | null> {
  return defineImageAugmentation(drawSobel(options), (image, output) =>
    output === null ? image : filter(image, output),
  )
}

function filter({ data, width, height }: FloatImage, output: SobelOutput): FloatImage {
  const filtered = new Float32Array(data.length)
  for (let row = 0; row < height; row++) {
    const [above, middle, below] = neighbours(row, height).map((y) => 3 * width * y) as Triple
    for (let column = 0; column < width; column++) {
      const [before, here, after] = neighbours(column, width).map((x) => 3 * x) as Triple
      for (let channel = 0; channel < 3; channel++) {
        const at = (y: number, x: number) => data[y + x + channel]!
        const down = (x: number) => at(above, x) + 2 * at(middle, x) + at(below, x)
        const along = (y: number) => at(y, before) + 2 * at(y, here) + at(y, after)
        filtered[middle + here + channel] = combine(
          down(after) - down(before),
          along(below) - along(above),
          output,
        )
      }
    }
  }
  return { data: filtered, width, height }
}

type Triple = [number, number, number]

/** The indices around and at `i`, reflected at the ends of a line. */
function neighbours(i: number, length: number): Triple {
  return [i === 0 ? 1 : i - 1, i, i === length - 1 ? length - 2 : i + 1]
}

function combine(horizontal: number, vertical: number, output: SobelOutput): number {
  if (output === 'horizontal') return horizontal
  if (output === 'vertical') return vertical
  const magnitude = Math.sqrt(horizontal * horizontal + vertical * vertical)
  return output === 'magnitude' ? magnitude : Math.min(magnitude / 4, 1)
}
