/** Reads images of a dataset, to find those that cannot be decoded before a run does. */
import type { Dataset, SplitName } from '@simclr/data'
import { openDataset } from '@simclr/data/node'

export interface CheckDatasetOptions {
  /** Opens what there is of an incomplete copy. */
  readonly allowPartial: boolean
  /** Decodes every image, not only some of each split. */
  readonly all: boolean
  /** Told of each undecodable image, once. */
  readonly onFailure: (path: string, reason: string) => void
  readonly onProgress: (done: number, total: number) => void
}

export interface DatasetCheck {
  readonly name: string
  readonly classes: readonly string[]
  /** Images of each split. */
  readonly counts: Partial<Readonly<Record<SplitName, number>>>
  /** Images that were read. */
  readonly read: number
}

/** Images of each split that are read unless all are, evenly spread. */
const SAMPLE = 32
const BATCH = 256
/** Pixels of the side that images are scaled to. */
const SIZE = 32

/** @throws SimclrError if the dataset cannot be opened. */
export async function checkDataset(spec: string, options: CheckDatasetOptions): Promise<DatasetCheck> {
  const { allowPartial, all, onProgress } = options
  let failed = 0
  const onSkip = (path: string, reason: string): void => {
    failed++
    options.onFailure(path, reason)
  }
  const dataset = await openDataset(spec, { allowPartial, onError: 'skip', onSkip })
  try {
    const parts = dataset.splits.flatMap((name) => batchesOf(dataset.split(name), all))
    const total = parts.reduce((sum, { length }) => sum + length, 0)
    let read = 0
    for (const part of parts) {
      try {
        await readAll(part)
      } catch (error) {
        if (failed === 0) throw error // else a batch of which nothing is left: its images were reported
      }
      read += part.length
      onProgress(read, total)
    }
    const counts = Object.fromEntries(dataset.splits.map((name) => [name, dataset.split(name).length]))
    return { name: dataset.name, classes: dataset.classes, counts, read }
  } finally {
    await dataset.close()
  }
}

/** The images to read, in parts of one batch. */
function batchesOf(images: Dataset, all: boolean): Dataset[] {
  const count = all ? images.length : Math.min(SAMPLE, images.length)
  const positions = Array.from({ length: count }, (_, i) => Math.floor((i * images.length) / count))
  return Array.from({ length: Math.ceil(count / BATCH) }, (_, i) =>
    images.subset(positions.slice(i * BATCH, (i + 1) * BATCH)),
  )
}

async function readAll(part: Dataset): Promise<void> {
  const size = part.imageSize === undefined ? { size: SIZE } : {}
  for await (const _ of part.batches({ batchSize: BATCH, ...size }));
}
