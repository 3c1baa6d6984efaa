import type { ByteImage } from './byte-image.ts'

/** How often each byte comes in red, in green and in blue. */
export function channelHistograms({ data }: ByteImage): Uint32Array[] {
  const histograms = [new Uint32Array(256), new Uint32Array(256), new Uint32Array(256)]
  for (let i = 0; i < data.length; i++) histograms[i % 3]![data[i]!]!++
  return histograms
}
