/** Compares a copy of a published dataset with its official size. */
import { SimclrError } from '@simclr/core'
import type { SplitName } from '../dataset.ts'
import type { DatasetInfo, OpenOptions } from './dataset-definition.ts'
import { whereToGet } from './where-to-get.ts'

/** Number of classes, and of images in each split. */
export type DatasetCounts = { readonly classes: number } & Partial<Readonly<Record<SplitName, number>>>

/**
 * Splits that have no official count, or that `found` does not name, are not compared.
 *
 * @throws SimclrError that names every wrong count; with `allowPartial` the process warns of them instead, unless there
 * is no training image at all.
 */
export function checkCounts(
  info: DatasetInfo,
  found: DatasetCounts,
  { allowPartial = false }: OpenOptions = {},
): void {
  const { classes, ...splits } = found
  const wrong = [
    { what: 'classes', official: info.classes, count: classes },
    ...Object.entries(splits).map(([split, count]) => ({
      what: `${split} images`,
      official: info.counts[split as SplitName],
      count,
    })),
  ].filter(({ official, count }) => official !== undefined && official !== count)
  if (wrong.length === 0) return
  const expected = wrong.map(({ what, official }) => `${official} ${what}`).join(', ')
  const received = wrong.map(({ what, count }) => `${count} ${what}`).join(', ')
  if (allowPartial && found.train !== 0) {
    process.emitWarning(`${info.name}: ${received} instead of ${expected}`, {
      code: 'SIMCLR_PARTIAL_DATASET',
    })
    return
  }
  throw new SimclrError({
    parameter: `${info.name}: lists`,
    expected,
    received,
    remedy: whereToGet(info, { partial: found.train !== 0 }),
  })
}
