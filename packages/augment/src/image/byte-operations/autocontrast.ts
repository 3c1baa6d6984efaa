/** Stretches the contrast of a single image: as Pillow's ImageOps.autocontrast. */
import { applyCurves } from './apply-curves.ts'
import type { ByteImage } from './byte-image.ts'
import { channelHistograms } from './channel-histograms.ts'

/** Moves the darkest value of each channel to 0 and the brightest to 255. */
export function autocontrast(image: ByteImage): ByteImage {
  return applyCurves(image, channelHistograms(image).map(stretchingCurve))
}

function stretchingCurve(histogram: Uint32Array): Uint8Array {
  const low = histogram.findIndex((count) => count > 0)
  const high = histogram.findLastIndex((count) => count > 0)
  return Uint8Array.from(histogram, (_, byte) => {
    if (high === low) return byte
    return Math.floor((Math.min(Math.max(byte - low, 0), high - low) * 255) / (high - low))
  })
}
