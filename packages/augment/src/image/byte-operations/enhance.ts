/** Brightness, colour, contrast and sharpness of a single image: as Pillow's ImageEnhance. */

import { greyByte } from '../../draw/grey-byte.ts'
import type { EnhanceOperation } from '../../draw/step.ts'
import { blendBytes } from './blend-bytes.ts'
import type { ByteImage } from './byte-image.ts'

/** Moves an image away from black, from its grey version, its mean grey or its smooth version, or towards it. */
export function enhance(image: ByteImage, operation: EnhanceOperation, factor: number): ByteImage {
  const from = { brightness: black, color: grey, contrast: meanGrey, sharpness: smooth }[operation](image)
  return { ...image, data: image.data.map((byte, i) => blendBytes(from[i]!, byte, factor)) }
}

function black({ data }: ByteImage): Uint8Array {
  return new Uint8Array(data.length)
}

/** In three equal channels. */
function grey({ data }: ByteImage): Uint8Array {
  const result = new Uint8Array(data.length)
  for (let i = 0; i < data.length; i += 3) {
    result.fill(greyByte(data[i]!, data[i + 1]!, data[i + 2]!), i, i + 3)
  }
  return result
}

function meanGrey(image: ByteImage): Uint8Array {
  const greys = grey(image)
  const mean = greys.reduce((sum, byte) => sum + byte, 0) / greys.length
  return greys.fill(Math.floor(mean + 0.5))
}

/** Averages of 3 × 3 pixels with the middle one five times; pixels at the border stay. */
function smooth({ data, width, height }: ByteImage): Uint8Array {
  const result = data.slice()
  const line = 3 * width
  for (let row = 1; row < height - 1; row++) {
    for (let i = row * line + 3; i < (row + 1) * line - 3; i++) {
      const column = (x: number) => data[x - line]! + data[x]! + data[x + line]!
      const weighted = column(i - 3) + column(i) + column(i + 3) + 4 * data[i]!
      result[i] = Math.floor(weighted / 13 + 0.5)
    }
  }
  return result
}
