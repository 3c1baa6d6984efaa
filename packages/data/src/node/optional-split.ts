/** A split that comes in an archive of its own, which a partial copy may lack. */
import { access } from 'node:fs/promises'
import { SimclrError } from '@simclr/core'
import type { SplitName } from '../dataset.ts'
import type { DatasetInfo, OpenOptions } from './dataset-definition.ts'
import type { ImageList } from './file-dataset.ts'
import { whereToGet } from './where-to-get.ts'

/**
 * Reads a split if its list is there.
 *
 * @param list Path of the file that names the split's images.
 * @returns the split by its name; nothing, with a warning, if the list is missing and `allowPartial` is set.
 * @throws SimclrError if the list is missing otherwise.
 */
export async function optionalSplit(
  split: SplitName,
  list: string,
  read: () => Promise<ImageList>,
  { info, allowPartial = false }: Pick<OpenOptions, 'allowPartial'> & { readonly info: DatasetInfo },
): Promise<Partial<Record<SplitName, ImageList>>> {
  const missing = await access(list).then(
    () => false,
    () => true,
  )
  if (!missing) return { [split]: await read() }
  if (!allowPartial) {
    throw new SimclrError({
      parameter: `${info.name}: ${split} split`,
      expected: `listed in ${list}`,
      received: 'no such file',
      remedy: whereToGet(info, { partial: true }),
    })
  }
  process.emitWarning(`${info.name}: without the ${split} split, for ${list} is missing`, {
    code: 'SIMCLR_PARTIAL_DATASET',
  })
  return {}
}
