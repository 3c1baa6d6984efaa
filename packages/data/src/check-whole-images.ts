/** What batches of images of one size can be asked for. */

import type { ImageSize } from '@simclr/augment/image'
import { SimclrError } from '@simclr/core'
import type { BatchOptions } from './dataset.ts'

/**
 * Images of one small size come whole, once each: crops and views of them are made on the engine, from one upload.
 *
 * @throws SimclrError if other views or another size are asked for.
 */
export function checkWholeImages(
  name: string,
  { size, views = 1, crop }: BatchOptions,
  { height, width }: ImageSize,
): void {
  const remedy = 'Crop, scale and view these images on the engine, with @simclr/augment.'
  if (crop !== undefined || views !== 1) {
    throw new SimclrError({
      parameter: `${name}: views and crop`,
      expected: 'absent for images of one size, which come whole',
      received: crop === undefined ? `${views} views` : 'a crop function',
      remedy,
    })
  }
  if (size !== undefined && (size !== height || size !== width)) {
    throw new SimclrError({
      parameter: `${name}: size`,
      expected: `absent or that of the images, ${height} × ${width}`,
      received: String(size),
      remedy,
    })
  }
}
