/** What every dataset of encoded images offers about decoding them. */
import { SimclrError } from '@simclr/core'

export interface DecodingOptions {
  /**
   * What an image that cannot be decoded does. `'throw'`: the batch that needs it throws. `'skip'`: it is left out of
   * its batch, which is then smaller (its `count`, `labels` and `indices` agree); the number of batches and the place
   * of every other image stay the same, also with `dropRemainder`. A batch of which nothing is left throws.
   * Default `'throw'`.
   */
  readonly onError?: 'throw' | 'skip'
  /** Told of each image that is skipped, once. Default: a warning of the process. */
  readonly onSkip?: (path: string, reason: string) => void
  /** Decoding threads, default one per processor. */
  readonly threads?: number
  /**
   * Images of more pixels count as ones that cannot be decoded, so that a small file cannot claim all memory: while it
   * is decoded, an image takes 3 bytes a pixel, up to four times per thread. Default 100 million pixels: above every
   * photograph of the published datasets, and about where Pillow warns of decompression bombs (89 million).
   */
  readonly maxPixels?: number
}

/** @returns what to do with an image that cannot be decoded: throws, or returns to leave it out of its batch. */
export function failureHandler({
  onError = 'throw',
  onSkip = warnOfSkipped,
}: DecodingOptions): (path: string, reason: string) => void {
  return onError === 'throw' ? throwUndecodable : once(onSkip)
}

function throwUndecodable(path: string, reason: string): never {
  throw new SimclrError({
    parameter: path,
    expected: 'an image that can be decoded',
    received: reason.replaceAll('\n', '; '),
    remedy: "Remove or replace the file, or open the dataset with onError: 'skip'.",
  })
}

function warnOfSkipped(path: string, reason: string): void {
  process.emitWarning(`skipped ${path}: ${reason}`, { code: 'SIMCLR_SKIPPED_IMAGE' })
}

/** Passes on the first report about each path. */
function once(report: (path: string, reason: string) => void): (path: string, reason: string) => void {
  const reported = new Set<string>()
  return (path, reason) => {
    if (reported.has(path)) return
    reported.add(path)
    report(path, reason)
  }
}
