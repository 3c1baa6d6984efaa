/** Cutout (DeVries and Taylor 2017), one of the operations of the paper's composition study: figures 4 and 5. */
import { mul, sub, type Tensor4D, tensor4d } from '@tensorflow/tfjs-core'
import type { Augmentation } from './augmentation.ts'
import { defineAugmentation } from './define-augmentation.ts'
import { type CutoutOptions, cutoutSpan, type DrawnCutout, drawCutout } from './draw/cutout.ts'

/**
 * Blackens a square around a drawn centre: rows y - ⌊side/2⌋ to before y - ⌊side/2⌋ + side as far as they lie in the
 * image, and columns likewise. Draws null for images that stay as they are.
 *
 * @throws SimclrError if the size or the probability is not between 0 and 1.
 */
export function cutout(options: CutoutOptions = {}): Augmentation<DrawnCutout | null> {
  return defineAugmentation(drawCutout(options), (images, drawn) => {
    const [count, , height, width] = images.shape
    const rows = new Float32Array(count * height)
    const columns = new Float32Array(count * width)
    drawn.forEach((one, i) => {
      if (one === null) return
      const vertical = cutoutSpan(one.y, one.side, height)
      const horizontal = cutoutSpan(one.x, one.side, width)
      rows.fill(1, i * height + vertical.begin, i * height + vertical.end)
      columns.fill(1, i * width + horizontal.begin, i * width + horizontal.end)
    })
    const covered = mul(tensor4d(rows, [count, 1, height, 1]), tensor4d(columns, [count, 1, 1, width]))
    return mul(images, sub(1, covered)) as Tensor4D
  })
}
