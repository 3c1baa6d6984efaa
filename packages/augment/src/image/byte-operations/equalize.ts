/** Histogram equalization of a single image: as Pillow's ImageOps.equalize. */
import { applyCurves } from './apply-curves.ts'
import type { ByteImage } from './byte-image.ts'
import { channelHistograms } from './channel-histograms.ts'

/** Gives all brightnesses of a channel about equally many pixels. */
export function equalize(image: ByteImage): ByteImage {
  return applyCurves(image, channelHistograms(image).map(equalizingCurve))
}

function equalizingCurve(histogram: Uint32Array): Uint8Array {
  const pixels = histogram.reduce((sum, count) => sum + count, 0)
  const brightest = histogram.findLast((count) => count > 0)!
  const step = Math.floor((pixels - brightest) / 255)
  if (step === 0) return Uint8Array.from(histogram, (_, byte) => byte)
  let below = 0
  return Uint8Array.from(histogram, (count) => {
    const level = Math.floor((below + Math.floor(step / 2)) / step)
    below += count
    return Math.min(level, 255)
  })
}
