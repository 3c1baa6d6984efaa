/** Makes sure that a copy of a published dataset is complete before anyone trains on it. */
import { readdir } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { SimclrError } from '@simclr/core'
import type { Dataset, SplitName } from '../dataset.ts'
import { checkCounts } from './check-counts.ts'
import type { DatasetInfo, OpenOptions } from './dataset-definition.ts'
import { fileDataset, type ImageList } from './file-dataset.ts'
import { imageName } from './image-file.ts'
import { whereToGet } from './where-to-get.ts'

export interface OfficialDatasetOptions extends OpenOptions {
  readonly info: DatasetInfo
  readonly classes: readonly string[]
  /** What the dataset's own lists name. */
  readonly splits: { readonly train: ImageList } & Partial<Readonly<Record<SplitName, ImageList>>>
  /** A sentence on why images may be missing from a copy that was made with care, for the error. */
  readonly missingImages?: string
}

/**
 * Compares lists with the official counts and looks for every file, before any is opened.
 *
 * @returns the training split of the images that are there; close it when done.
 * @throws SimclrError if an image is listed twice in a split or in both train and test; and, unless `allowPartial`, if
 * classes, lists or files are not all there; and if nothing of the training split is.
 */
export async function officialDataset({
  info,
  classes,
  splits,
  ...options
}: OfficialDatasetOptions): Promise<Dataset> {
  const lists = Object.entries(splits) as [SplitName, ImageList][]
  checkDuplicates(info, lists)
  const counts = Object.fromEntries(lists.map(([split, { files }]) => [split, files.length]))
  checkCounts(info, { classes: classes.length, ...counts }, options)
  const present = await presentFiles(lists.flatMap(([, { files }]) => files.map(({ path }) => path)))
  const reduced = lists.map(([split, list]) => [split, reduce(list, classes.length, present)] as const)
  reportMissing(info, lists, reduced, options)
  return fileDataset({
    ...options,
    name: info.name,
    classes,
    splits: Object.fromEntries(
      reduced.filter(([split, { files }]) => split === 'train' || files.length > 0),
    ) as {
      train: ImageList
    },
  })
}

function checkDuplicates(info: DatasetInfo, lists: readonly (readonly [SplitName, ImageList])[]): void {
  const train = new Set<string>()
  for (const [split, { files }] of lists) {
    const seen = new Set<string>()
    for (const file of files) {
      const id = imageName(file)
      const also = seen.has(id) ? split : split === 'test' && train.has(id) ? 'train' : undefined
      if (also !== undefined) {
        throw new SimclrError({
          parameter: `${info.name}: ${split} list`,
          expected: also === split ? 'each image once' : 'images that are not in the training list',
          received: `${id} ${also === split ? 'twice' : 'in both'}`,
          remedy: whereToGet(info),
        })
      }
      seen.add(id)
      if (split === 'train') train.add(id)
    }
  }
}

/** Reads each folder once, which is faster than asking for each file. */
async function presentFiles(paths: readonly string[]): Promise<(path: string) => boolean> {
  const folders = new Map<string, Set<string>>()
  for (const folder of new Set(paths.map(dirname))) {
    folders.set(folder, new Set(await readdir(folder).catch(() => [])))
  }
  return (path) => folders.get(dirname(path))!.has(basename(path))
}

function reduce(list: ImageList, width: number, present: (path: string) => boolean): ImageList {
  const kept = list.files.flatMap(({ path }, i) => (present(path) ? [i] : []))
  if (kept.length === list.files.length) return list
  const { labels, multiLabels } = list
  return {
    files: kept.map((i) => list.files[i]!),
    labels: labels && Int32Array.from(kept, (i) => labels[i]!),
    ...(multiLabels && {
      multiLabels: Int8Array.from(kept.flatMap((i) => [...multiLabels.subarray(i * width, (i + 1) * width)])),
    }),
  }
}

function reportMissing(
  info: DatasetInfo,
  lists: readonly (readonly [SplitName, ImageList])[],
  reduced: readonly (readonly [SplitName, ImageList])[],
  { allowPartial = false, missingImages }: Pick<OfficialDatasetOptions, 'allowPartial' | 'missingImages'>,
): void {
  const counts = lists.map(([split, { files }], i) => {
    const present = new Set(reduced[i]![1].files)
    return { split, missing: files.filter((file) => !present.has(file)), listed: files.length }
  })
  const incomplete = counts.filter(({ missing }) => missing.length > 0)
  if (incomplete.length === 0) return
  const first = incomplete[0]!.missing[0]!
  const text = incomplete
    .map(({ split, missing, listed }) => `${missing.length} of ${listed} ${split} images`)
    .join(', ')
  const nothing = reduced.find(([split]) => split === 'train')![1].files.length === 0
  if (allowPartial && !nothing) {
    process.emitWarning(`${info.name}: without ${text} that are missing, the first ${first.path}`, {
      code: 'SIMCLR_PARTIAL_DATASET',
    })
    return
  }
  throw new SimclrError({
    parameter: `${info.name}: image files`,
    expected: 'every image of its lists',
    received: `${text} missing, the first ${first.path}`,
    remedy: [missingImages, whereToGet(info, { partial: !nothing })].filter(Boolean).join(' '),
  })
}
