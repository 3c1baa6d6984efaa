/** What tells whether a resumed run finds the images that it was begun with. */
import { createHash } from 'node:crypto'
import type { Dataset } from '@simclr/data'

/** As stored in a run's `images.json`. */
export interface ImageIdentity {
  /** Training images. */
  readonly count: number
  /** Of their number, the names of the classes, and the class of every image in order. */
  readonly sha256: string
}

/** Pixels are not read: a file that was replaced by another of its class goes unnoticed. */
export function imageIdentity({ length, classes, labels, multiLabels }: Dataset): ImageIdentity {
  const hash = createHash('sha256').update(JSON.stringify([length, classes]))
  for (const part of [labels, multiLabels]) if (part !== undefined) hash.update(part)
  return { count: length, sha256: hash.digest('hex') }
}
